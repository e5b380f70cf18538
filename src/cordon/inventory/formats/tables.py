"""Tables with a line of column names: any list of devices, NetAlertX's, and our own."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from cordon.inventory.columns import PLACES, entry, field_of
from cordon.inventory.entry import Entry, FileError

MARKS: Final = ",;\t|"
_STEERS: Final = frozenset("=+-@\t\r'")
"""A cell that begins so would be taken for a formula by a spreadsheet."""


def safe(cell: str) -> str:
    """The cell so written that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in _STEERS else cell


def plain(cell: str) -> str:
    """The cell as it was before `safe`."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _STEERS else cell


def looks_like(head: str) -> bool:
    """Whether the first line names a column that says which device is meant."""
    line = head.splitlines()[0] if head else ""
    return any(field_of(cell) in PLACES for cell in _cells(line))


def is_netalertx(head: str) -> bool:
    """Whether the first line names NetAlertX's columns."""
    return bool({"devmac", "dev_mac"} & {cell.casefold() for cell in _cells(head.splitlines()[0] if head else "")})


def devices(text: str, name: str) -> list[Entry]:
    """The devices of a table.

    Raises:
        FileError: no column says which device is meant, a line has more cells than columns, or a value cannot be.
    """
    lines = rows(text, name)
    _, head = next(lines)
    columns = [field_of(cell) for cell in head]
    if not set(PLACES) & set(columns):
        raise FileError(name, 1, "no column is called mac, ip or id; name the columns in the first line.")
    found = []
    for number, cells in lines:
        values: dict[str, str] = {}
        for column, cell in zip(columns, cells, strict=False):
            if column and (said := plain(cell)).strip():
                values[column] = f"{values[column]}; {said}" if values.get(column) and _adds(column) else said
        if "told" in columns:
            values.setdefault("told", "")
        found.append(entry(values, lambda says, number=number: FileError(name, number, says)))  # type: ignore[misc]
    return found


def _adds(column: str) -> bool:
    return column in {"macs", "ips", "names"}


def rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table that are not empty, the column names first.

    Raises:
        FileError: a line has more cells than there are columns, or a quote has no end.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text.lstrip().split("\n", 1)[0]), strict=True)
    width = 0
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if width and len(cells) > width:
                raise FileError(name, reader.line_num, f"it has {len(cells)} cells, but there are {width} columns.")
            width = width or len(cells)
            yield reader.line_num, cells
    except csv.Error as error:
        raise FileError(name, reader.line_num, f"this is no line of a table ({error}); correct it.") from None


def _mark(line: str) -> str:
    return max(MARKS, key=line.count)


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(_mark(line))]
