"""Reads files of logs, block by block."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.lines import blocks, head
from cordon.sources.logs import Rows
from cordon.sources.parsing import numbered, sound
from cordon.sources.syslog.headers import FORMS, headed
from cordon.sources.syslog.rows import rows_of

_LOOKED_AT: Final = 50
"""Lines at the beginning of a file of which half must have a header."""


def is_syslog(path: Path) -> bool:
    """Whether a file's beginning looks like a log of messages.

    Raises:
        SourceError: the file is missing or cannot be read.
    """
    start = head(path)
    if start.count(0) * 4 > len(start):  # a log may hold some, where a machine fell while it wrote
        return False
    lines = [line for line in start.decode("utf-8", "replace").splitlines()[: _LOOKED_AT + 1] if line.strip()]
    if not lines:
        return False
    fits = pl.Series(lines).str.contains("|".join(f"(?:{_unnamed(form)})" for form in FORMS))
    return int(fits.sum()) * 2 >= len(lines)


def _unnamed(form: str) -> str:
    """A form without the names of its groups: several stand in one pattern."""
    parts = form.split("(?P<")
    return parts[0] + "".join("(?:" + part.partition(">")[2] for part in parts[1:])


def parse(path: Path, damage: Damage, context: Context) -> Iterator[tuple[int, Rows]]:
    """The file's rows, block by block. A line without a year is of the last such day before the file was written.

    Raises:
        SourceError: the file vanished or cannot be read any more.
    """
    written = path.stat().st_mtime_ns // 1000
    for block in blocks(path, damage):
        lines = headed(numbered(block), written)
        yield (
            block.position,
            rows_of(sound(lines, ["time"], damage, "log: line without a header", path.name), context.segment),
        )
