"""Rows in hourly buckets: an external sort, so that logs larger than memory come out in the order of their time."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.tables import HOUR

HELD: Final = 128 << 20
"""Bytes of rows that stand in memory; beyond, all go to files in a temporary folder."""

MOST_HOURS: Final = 20_000
"""More than two years; rows of yet more hours are damage, not traffic."""


class Buckets:
    """Takes frames in any order and hands them out hour by hour. Use it as a context: it deletes its files."""

    def __init__(self, held: int = HELD) -> None:
        self._most = held
        self._size = 0
        self._held: dict[int, dict[str, list[pl.DataFrame]]] = {}
        self._files: dict[int, dict[str, list[Path]]] = {}
        self._folder: Path | None = None
        self._count = 0

    def __enter__(self) -> "Buckets":
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, name: str, rows: pl.DataFrame) -> int:
        """Adds rows by their column `step`; yields how many were left out because they span too many hours."""
        left_out = 0
        if rows.is_empty():
            return 0
        with_hours = rows.with_columns(_hour=pl.col("step") // HOUR)
        for key, part in with_hours.partition_by("_hour", as_dict=True, include_key=False).items():
            hour = int(key[0])
            known = hour in self._held or hour in self._files
            if not known and len(self._held.keys() | self._files.keys()) >= MOST_HOURS:
                left_out += part.height
                continue
            self._held.setdefault(hour, {}).setdefault(name, []).append(part)
            self._size += int(part.estimated_size())
        if self._size > self._most:
            self._spill()
        return left_out

    def hours(self) -> list[int]:
        """The hours that have rows (hours since the epoch), in their order."""
        return sorted(self._held.keys() | self._files.keys())

    def take(self, hour: int) -> dict[str, pl.DataFrame]:
        """The rows of an hour by name; they are gone afterwards."""
        frames = self._held.pop(hour, {})
        for name, files in self._files.pop(hour, {}).items():
            frames[name] = [*(pl.read_ipc(file) for file in files), *frames.get(name, [])]
            for file in files:
                file.unlink()
        return {name: pl.concat(parts) for name, parts in frames.items()}

    def drain(self) -> Iterator[tuple[int, dict[str, pl.DataFrame]]]:
        """All hours in their order, each with its rows."""
        for hour in self.hours():
            yield hour, self.take(hour)

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="cordon-logs-"))
        for hour, frames in self._held.items():
            for name, parts in frames.items():
                self._count += 1
                file = self._folder / f"{self._count}.arrow"
                pl.concat(parts).write_ipc(file)
                self._files.setdefault(hour, {}).setdefault(name, []).append(file)
        self._held.clear()
        self._size = 0
