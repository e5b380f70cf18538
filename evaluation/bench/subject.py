"""What is measured: a command that reads a capture."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Command = Callable[[Path, Path], list[str]]
"""Given the capture and an empty folder for whatever it writes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One line of the table."""

    name: str
    command: Command
    yields: str
    cores: int = 1
    slow: bool = False  # reads the first packets only
    maps: bool = False  # maps the file: its memory is the file's
