"""Tables of fingerprints: rows of a value and what it speaks for, where a pattern for each would say no more.

An entry of a fingerprint file names the table, which lies beside it::

    [[table]]
    id = "model"
    rows = "apple_models.tsv"      # between tabs: fields (with commas), value, attributes; its first line names them
    how = "is"                     # or "starts": the value begins so; "ends": the name ends so, at a label
    key = '^model=([\\w,]+)\\|'    # for "is": what of a seen value is looked up; without it, all of it
    weight = { vendor = 950, kind = 900, model = 900 }
    source = "where the knowledge is from"
    not = ["model=none|_device-info._tcp"]

Case does not matter. Of several rows that fit the longest value counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cordon.devices.vendors import tidy
from cordon.model.kinds import KIND
from cordon.model.tables import SIGHTING_FIELDS

HOWS: Final = ("is", "starts", "ends")
_KEYS: Final = frozenset({"id", "rows", "how", "key", "weight", "source", "not"})

Rows = Mapping[str, Mapping[str, str]]
"""What each value speaks for, by attribute; the values in lower case."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table for one field; looks values up as a fingerprint does."""

    id: str
    fields: tuple[str, ...]
    how: str
    rows: Rows
    weights: Mapping[str, int]
    source: str
    nots: tuple[str, ...] = ()
    key: re.Pattern[str] | None = None
    lengths: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", tuple(sorted({len(value) for value in self.rows}, reverse=True)))

    def match(self, value: str) -> dict[str, str] | None:
        """What the value says, by attribute; None when no row fits it."""
        value = value.lower()
        if self.how == "is":
            keys = [value] if self.key is None else [found[1] for found in self.key.finditer(value)]
        elif self.how == "starts":
            keys = [value[:length] for length in self.lengths]
        else:
            labels = value.split(".")
            keys = [".".join(labels[at:]) for at in range(len(labels))]
        return next((dict(self.rows[key]) for key in keys if key in self.rows), None)

    @property
    def sieve(self) -> str:
        """A pattern without looking ahead that finds at least what this table knows."""
        if self.how == "is" and self.key is not None:
            return self.key.pattern
        any_of_them = "|".join(re.escape(value) for value in self.rows)
        before, after = {"is": ("^", "$"), "starts": ("^", ""), "ends": (r"(^|\.)", "$")}[self.how]
        return f"{before}({any_of_them}){after}"


def read_table(entry: Mapping[str, Any], text: str, attributes: tuple[str, ...]) -> list[Table]:
    """The tables of an entry, one for each field, from the text of its file.

    Raises:
        ValueError: the entry or a line is not valid; the message names the line.
    """
    if missing := sorted(_KEYS - {"key", "not"} - set(entry)):
        raise ValueError(f"{missing[0]} is missing")
    if unknown := sorted(set(entry) - _KEYS):
        raise ValueError(f"unknown key {unknown[0]}")
    if entry["how"] not in HOWS:
        raise ValueError(f"how is {entry['how']!r}; it must be one of {', '.join(HOWS)}")
    try:
        key = re.compile(entry["key"], re.IGNORECASE) if "key" in entry else None
    except re.error as error:
        raise ValueError(f"key: {error}") from None
    if key is not None and (entry["how"] != "is" or key.groups != 1):
        raise ValueError('key needs one group, and goes with how = "is"')
    by_field, columns = _rows(entry["rows"], text, attributes)
    weight = entry["weight"]
    weights = dict.fromkeys(columns, weight) if isinstance(weight, int) else dict(weight)
    for name in columns:
        if not 0 < weights.get(name, 0) <= 1000:
            raise ValueError(f"weight for {name} is {weights.get(name, 'missing')}; it must be 1 to 1000")
    return [
        Table(
            id=entry["id"],
            fields=(name,),
            how=entry["how"],
            rows=rows,
            weights=weights,
            source=entry["source"],
            nots=tuple(entry.get("not", ())),
            key=key,
        )
        for name, rows in by_field.items()
    ]


def _rows(name: str, text: str, attributes: tuple[str, ...]) -> tuple[dict[str, dict[str, dict[str, str]]], list[str]]:
    """By field the rows by value; and the columns of attributes."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    columns: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        place = f"{name}, line {number}"
        if not columns:
            if cells[:2] != ["field", "value"] or not cells[2:] or set(cells[2:]) - set(attributes):
                raise ValueError(f"{place}: the first line names the columns field, value, and attributes")
            columns = cells[2:]
            continue
        if len(cells) != len(columns) + 2:
            raise ValueError(f"{place}: {len(cells)} columns; there must be {len(columns) + 2}, between tabs")
        says = {column: text for column, text in zip(columns, cells[2:], strict=True) if text}
        if not cells[1] or not says:
            raise ValueError(f"{place}: it says nothing")
        if "kind" in says and says["kind"] not in KIND:
            raise ValueError(f"{place}: {says['kind']!r} is no kind")
        if "vendor" in says:
            says["vendor"] = tidy(says["vendor"])
        for field_name in cells[0].split(","):
            if field_name != "oui" and field_name not in SIGHTING_FIELDS:
                raise ValueError(f"{place}: {field_name!r} is no sighting field")
            rows = found.setdefault(field_name, {})
            if cells[1].lower() in rows:
                raise ValueError(f"{place}: {cells[1]!r} stands there twice")
            rows[cells[1].lower()] = says
    if not columns:
        raise ValueError(f"{name}: it holds no rows")
    return found, columns
