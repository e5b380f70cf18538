"""Everything that comes in, as windows of traffic tables."""

from cordon.sources.capture import CaptureSource, captures
from cordon.sources.errors import SourceError
from cordon.sources.exporters import FlowExportSource
from cordon.sources.interface import InterfaceSource
from cordon.sources.logs import LogSource
from cordon.sources.opening import FileSource, Inputs, open_source, recognise
from cordon.sources.ours import own_macs
from cordon.sources.several import SeveralSources
from cordon.sources.syslog import Place, SyslogSource, place_of

__all__ = [
    "CaptureSource",
    "FileSource",
    "FlowExportSource",
    "Inputs",
    "InterfaceSource",
    "LogSource",
    "Place",
    "SeveralSources",
    "SourceError",
    "SyslogSource",
    "captures",
    "open_source",
    "own_macs",
    "place_of",
    "recognise",
]
