"""JSON lines become frames of text columns; a broken line costs itself and nothing else."""

from collections.abc import Mapping

import polars as pl

from cordon.sources.damage import Damage
from cordon.sources.parsing import LINE

Fields = Mapping[str, pl.DataType | type[pl.DataType]]
"""What to take of an object: names of fields and their types."""


def decoded(lines: pl.DataFrame, fields: Fields, damage: Damage, kind: str, place: str) -> pl.DataFrame:
    """The fields of JSON objects.

    Args:
        lines: columns `LINE` (number) and `line` (text).
        fields: what to take of each object; numbers and truth values come as text where text is asked for.
        damage: lines that are no object, or whose fields have another shape, are counted here as `kind`.
        place: the file's name.

    Returns:
        `LINE` and the fields; null where an object has none of that name.
    """
    struct = pl.Struct(dict(fields))
    parts = _decode(lines, struct)
    if parts is None:
        sane = lines.filter(_objects(lines["line"]))
        _count(lines, sane, damage, kind, place)
        found, bad = _bisect(sane, struct)
        if bad:
            damage.add(kind, f"{place}:{min(bad)}", len(bad))
        parts = pl.concat(found) if found else None
    if parts is None:
        return pl.DataFrame(schema={LINE: pl.Int64, **fields})
    return parts


def _decode(lines: pl.DataFrame, struct: pl.Struct) -> pl.DataFrame | None:
    try:
        objects = lines["line"].str.json_decode(struct)
    except pl.exceptions.PolarsError:
        return None
    if len(objects) != lines.height:
        return None
    return lines.select(LINE).hstack(objects.struct.unnest())


def _objects(lines: pl.Series) -> pl.Series:
    """Which lines are JSON objects: the root of a line that is not JSON is null."""
    try:
        roots = lines.str.json_path_match("$")
    except pl.exceptions.PolarsError:
        return lines.str.starts_with("{")
    return roots.fill_null("").str.starts_with("{")


def _bisect(lines: pl.DataFrame, struct: pl.Struct) -> tuple[list[pl.DataFrame], list[int]]:
    if lines.is_empty():
        return [], []
    whole = _decode(lines, struct)
    if whole is not None:
        return [whole], []
    if lines.height == 1:
        return [], [int(lines[LINE][0])]
    middle = lines.height // 2
    left, left_bad = _bisect(lines[:middle], struct)
    right, right_bad = _bisect(lines[middle:], struct)
    return left + right, left_bad + right_bad


def _count(lines: pl.DataFrame, sane: pl.DataFrame, damage: Damage, kind: str, place: str) -> None:
    if sane.height < lines.height:
        lost = lines.join(sane.select(LINE), on=LINE, how="anti")
        damage.add(kind, f"{place}:{lost[LINE][0]}", lost.height)
