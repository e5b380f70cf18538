"""The history: traffic tables and talks as Parquet, ``history/<table>/<yyyy-mm-dd>/<level>-<number>.parquet``.

Each save adds files of level 0; when a day has many of one level they become one of the next level. Which files
count stands in the record, so a reader never sees rows twice or half a rewriting; what no longer counts is
deleted when the folder is next opened for writing.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.facts import TALKS
from cordon.model.finding import Rows
from cordon.model.tables import DAY, TABLES, Schema, nothing

TIME: Final[dict[str, str]] = {"flows": "first"}
"""The column that says when a row happened, where it is not ``time``."""

_EVIDENCE: Final = frozenset({"sightings", "heads"})
KEPT: Final[Mapping[str, Schema]] = {**{name: TABLES[name] for name in TABLES if name not in _EVIDENCE}, "talks": TALKS}
"""The tables that are kept. Sightings and heads live on as evidence of devices."""

MANY: Final = 24
"""How many files of one level a day may have before they become one of the next."""


def day_of(time: int) -> str:
    """The day (UTC) of a time in µs, as ``yyyy-mm-dd``."""
    return datetime.fromtimestamp(time // 1_000_000, UTC).strftime("%Y-%m-%d")


def days(begin: int, end: int) -> tuple[str, str]:
    """The first and the last day of ``begin <= time < end``."""
    return day_of(begin), day_of(max(begin, end - 1))


def path(folder: Path, table: str, day: str, file: str) -> Path:
    """Where a file of the history is."""
    return folder / "history" / table / day / file


def scan(folder: Path, table: str, parts: Iterable[tuple[str, str]]) -> pl.LazyFrame:
    """The rows of these (day, file) parts; columns that are younger than a file tell nothing there.

    Raises:
        KeyError: no such table is kept.
    """
    schema = KEPT[table]
    files = [path(folder, table, day, file) for day, file in parts]
    if not files:
        return pl.LazyFrame(schema=schema)
    rows = pl.scan_parquet(files, schema=pl.Schema(schema), missing_columns="insert", extra_columns="ignore")
    return rows.with_columns(pl.col(column).fill_null(pl.lit(nothing(kind), kind)) for column, kind in schema.items())


def split(table: str, frame: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """The frame by days, rows in the order of their time."""
    time = TIME.get(table, "time")
    frame = frame.sort(time, maintain_order=True)
    if frame.is_empty() or day_of(frame[time][0]) == day_of(frame[time][-1]):
        return [(day_of(frame[time][0]), frame)] if len(frame) else []
    parts = frame.with_columns((pl.col(time) // DAY).alias("day")).partition_by("day", maintain_order=True)
    return [(day_of(part[time][0]), part.drop("day")) for part in parts]


def write(file: Path, frame: pl.DataFrame) -> None:
    """Writes one file; it appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    frame.write_parquet(fresh, compression="zstd", compression_level=1)
    fresh.replace(file)


def pick(scan: pl.LazyFrame, selector: Rows, limit: int) -> pl.DataFrame:
    """The rows a selector means, oldest first.

    Raises:
        KeyError: a column of the selector does not exist.
    """
    time = TIME.get(selector.table, "time")
    schema = KEPT[selector.table]
    wanted = (pl.col(time) >= selector.begin) & (pl.col(time) < selector.end)
    for column, value in selector.where:
        wanted = wanted & _equals(column, schema[column], value)
    return scan.filter(wanted).sort(time, maintain_order=True).head(limit).collect()


def _equals(column: str, kind: pl.DataType | type[pl.DataType], value: str) -> pl.Expr:
    if kind == pl.String:
        return pl.col(column) == value
    if kind == pl.Boolean:
        return pl.col(column) == (value.lower() in {"true", "1"})
    if isinstance(kind, pl.List):
        return pl.col(column).list.contains(value if kind == pl.List(pl.String) else int(value))
    return pl.col(column) == int(value)
