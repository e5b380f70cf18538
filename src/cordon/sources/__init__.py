"""Everything that comes in, as windows of traffic tables."""

from cordon.sources.capture import CaptureSource, SourceError, captures
from cordon.sources.interface import InterfaceSource

__all__ = ["CaptureSource", "InterfaceSource", "SourceError", "captures"]
