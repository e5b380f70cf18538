"""Which differences between the engine and tshark are explained by name: the tables of `docs/agreement.md`.

The page is the only list. A row names a capture, the fields, who alone told it and how many items that is; what goes
beyond the number is not explained by it. Nothing is left out of the comparison by being explained: the table of
`agreement.py` counts it in a column of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "agreement.md"
ROW = re.compile(r"\| `(?P<captures>[^|]+)` \| (?P<fields>[^|]+) \| (?P<side>tshark|ours) \| (?P<most>\d+) \| .+ \|")
"""Captures, fields or what they begin with, side, items of each field and capture, why."""


@dataclass
class Row:
    """So many items of each of these fields in each of these captures, told by one side alone."""

    captures: Sequence[str]
    fields: Sequence[str]
    side: str
    most: int

    def names(self, capture: str, field: str, side: str) -> bool:
        """Whether it is about that difference."""
        return side == self.side and capture in self.captures and any(map(field.startswith, self.fields))


class Explained:
    """The differences that the page explains; each is used up by being asked for."""

    def __init__(self, page: Path = PAGE) -> None:
        """Reads the page.

        Raises:
            OSError: there is no such page.
        """
        self.rows = list(_rows(page.read_text()))
        self._left: dict[tuple[str, str, str], int] = {}

    def take(self, capture: str, field: str, side: str, count: int) -> int:
        """How many of `count` items are explained."""
        key = (capture, field, side)
        if key not in self._left:
            self._left[key] = sum(row.most for row in self.rows if row.names(*key))
        taken = min(count, self._left[key])
        self._left[key] -= taken
        return taken


def _rows(text: str) -> Iterator[Row]:
    for match in ROW.finditer(text):
        captures, fields = re.split(r"`, `", match["captures"]), match["fields"].split(", ")
        yield Row(captures, fields, match["side"], int(match["most"]))
