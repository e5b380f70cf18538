"""A feed's text as indicators: which form it has, and what of it could not be read."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from cordon.model.threats import INDICATORS, KINDS
from cordon.sources.errors import SourceError
from cordon.sources.feeds.jsons import entries_of, is_json
from cordon.sources.feeds.values import Aside, Indicator, indicators

MOST: Final = 2_000_000
"""Indicators of one feed."""
MOST_TOLD: Final = 10
"""Mistakes that are told one by one."""
MOST_SAID: Final = 120
"""Characters kept of what a feed says of an indicator."""

_COLUMNS: Final = {
    **dict.fromkeys(
        ("ip", "ip_address", "ipaddress", "address", "dst_ip", "src_ip", "network", "cidr", "domain", "domain_name",
         "host", "hostname", "fqdn", "name", "url", "ioc", "ioc_value", "indicator", "value", "sha256", "sha256_hash",
         "sha1", "sha1_hash", "md5", "md5_hash", "ja4", "ja4_fingerprint"),
        "",
    ),
    **dict.fromkeys(("ja3", "ja3_md5", "ja3_fingerprint", "ja3_hash"), "ja3"),
}  # fmt: skip
"""Columns of CSV that hold values, and what these are where they do not tell themselves."""
_SAYS: Final = ("malware", "malware_printable", "threat", "threat_type", "listingreason", "reason", "signature",
                "comment", "description", "tags", "category")  # fmt: skip
"""Columns of CSV that say what it is, the most telling first."""
_HOSTS: Final = re.compile(r"^(0\.0\.0\.0|127\.0\.0\.1|::1?)\s+\S")
_OWN_NAMES: Final = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost",
                               "ip6-loopback", "0.0.0.0"})  # noqa: S104  # fmt: skip  # a word in a file

Entry = tuple[str, str, str, str]
"""Where it stands, the value, what it is where it does not tell itself, and what is said of it."""


@dataclass(slots=True)
class Outcome:
    """What came of reading a feed."""

    form: str
    rows: pl.DataFrame
    broken: int = 0
    aside: int = 0
    mistakes: list[str] = field(default_factory=list)  # the first few, each with its place


def read_feed(data: bytes, place: str, kind: str = "") -> Outcome:
    """The indicators of a feed's bytes; what cannot be read is told with `place` and line, and the rest loads.

    `kind` is what values are that do not tell themselves: ja3 for 32 hex digits, which else are md5.

    Raises:
        SourceError: there is nothing in it that could be looked for.
    """
    if kind and kind not in KINDS:
        raise SourceError(f"{kind} is no kind of indicator; there are {', '.join(KINDS)}.")
    if data[:4] == b"PK\x03\x04":
        raise SourceError(f"{place} is a ZIP archive; unpack it, and give the file that is in it.")
    text = _text(data)
    form, entries = ("json", iter(())) if is_json(text) else _of_lines(text)
    if form == "json":
        form, entries = entries_of(text, place)
    outcome = Outcome(form, pl.DataFrame(schema=INDICATORS))
    found: dict[tuple[str, str], Indicator] = {}
    for where, value, told, says in entries:
        try:
            for one in indicators(value, told or kind, says.strip()[:MOST_SAID]):
                found.setdefault((one.kind, one.key), one)
        except Aside:
            outcome.aside += 1
        except ValueError as error:
            outcome.broken += 1
            if len(outcome.mistakes) < MOST_TOLD:
                outcome.mistakes.append(f"{place}{where}: {error}.")
        if len(found) > MOST:
            raise SourceError(f"{place} holds more than {MOST:,} indicators; divide it, or choose a smaller feed.")
    if not found:
        first = f" ({outcome.mistakes[0]})" if outcome.mistakes else ""
        raise SourceError(f"{place} holds nothing that could be looked for in traffic{first}.")
    rows = [found[key] for key in sorted(found)]
    outcome.rows = pl.DataFrame(rows, schema=INDICATORS, orient="row")
    return outcome


def _text(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace").replace("\0", "")


def _of_lines(text: str) -> tuple[str, Iterator[Entry]]:
    """Lines of text: CSV where a header names columns of values, hosts where lines begin with an own address."""
    lines = text.splitlines()
    header, begin = _header(lines)
    if header:
        return "csv", _csv(lines, header, begin)
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith(("#", ";", "!"))), "")
    return ("hosts", _hosts(lines)) if _HOSTS.match(first.strip()) else ("lines", _plain(lines))


def _header(lines: list[str]) -> tuple[list[str], int]:
    """The columns of CSV and where its rows begin; none where it is no CSV. Some feeds write the header as the last of
    their comments."""
    comment = ""
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            comment = line.lstrip().lstrip("#")
        elif line.strip():
            for begin, candidate in ((number + 1, line), (number, comment)):
                columns = [cell.strip().strip("\"'").lower() for cell in _cells(candidate)]
                if set(columns) & _COLUMNS.keys() and (len(columns) > 1 or begin == number + 1):
                    return columns, begin
            return [], 0
    return [], 0


def _cells(line: str) -> list[str]:
    separator = max(",;\t", key=line.count)
    return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])


def _csv(lines: list[str], header: list[str], begin: int) -> Iterator[Entry]:
    values = [(at, _COLUMNS[name]) for at, name in enumerate(header) if name in _COLUMNS]
    said = [header.index(name) for name in _SAYS if name in header]
    for number, line in enumerate(lines[begin:], begin + 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = _cells(line)
        except csv.Error as error:
            yield f":{number}", f"({error})", "", ""
            continue
        says = next((cells[at] for at in said if at < len(cells) and cells[at].strip()), "")
        told = [(cells[at], kind) for at, kind in values if at < len(cells) and cells[at].strip()]
        if not told:
            yield f":{number}", line, "", ""  # says that it is nothing
        for value, kind in told:
            yield f":{number}", value, kind, says


def _hosts(lines: list[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        told, _, says = line.partition("#")
        for name in told.split()[1:]:
            if name.lower() not in _OWN_NAMES:
                yield f":{number}", name, "name", says


def _plain(lines: list[str]) -> Iterator[Entry]:
    """A value a line, its first word; what stands behind # or ; is said of it."""
    for number, line in enumerate(lines, 1):
        value, _, says = re.sub(r"\s[;#]|^[;#!]|[;#]\s", "\0", line, count=1).partition("\0")
        if value.strip():
            yield f":{number}", value.split()[0], "", says
