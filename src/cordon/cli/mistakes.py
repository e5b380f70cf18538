"""Errors that a person can put right: they are told in one sentence, without a traceback."""

from cordon.cli.asked import AskedError
from cordon.config import ConfigError
from cordon.inventory import FileError, WordError
from cordon.policy.mud import MudError
from cordon.sources import SourceError
from cordon.store import AmbiguousError, StateError

MISTAKES = (AskedError, ConfigError, FileError, WordError, SourceError, StateError, AmbiguousError, MudError)
