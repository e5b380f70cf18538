"""Zeek logs: TSV with its header, and JSON lines; which log a file is, and its lines as columns of text."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.jsonlines import decoded
from cordon.sources.lines import Block, blocks, head
from cordon.sources.logs import Rows
from cordon.sources.parsing import LINE, numbered, wanted
from cordon.sources.zeek.logs import LOGS

SIGNS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("conn", frozenset({"conn_state"})),
    ("dns", frozenset({"qtype_name", "rcode_name", "qclass", "rejected"})),
    ("ssl", frozenset({"established", "cert_chain_fps", "next_protocol"})),
    ("x509", frozenset({"certificate.sig_alg", "certificate.key_type"})),
    ("quic", frozenset({"client_initial_dcid", "client_protocol"})),
    ("http", frozenset({"trans_depth"})),
    ("ssh", frozenset({"auth_success", "auth_attempts", "kex_alg"})),
    ("dhcp", frozenset({"msg_types", "assigned_addr"})),
    ("mqtt_connect", frozenset({"connect_status"})),
    ("mqtt_publish", frozenset({"from_client", "payload_len"})),
    ("mqtt_subscribe", frozenset({"granted_qos_level", "qos_levels"})),
    ("kerberos", frozenset({"request_type", "forwardable"})),
    ("ntp", frozenset({"stratum"})),
    ("software", frozenset({"software_type"})),
    ("notice", frozenset({"note", "suppress_for"})),
    ("ftp", frozenset({"reply_code", "data_channel.passive"})),
)
"""Fields by which a log is known whose name does not tell."""


MOST_HEADERS: Final = 1000
"""A file with more headers than this is no log but damage; logs that were joined have a few."""


def kind_of(path: Path) -> str:
    """Which of Zeek's logs a file is: conn, dns, …; "other" for one that tells us nothing, "" for no Zeek log.

    Raises:
        SourceError: the file is missing or cannot be read.
    """
    start = head(path).decode("utf-8", "replace")
    if start.startswith("#separator"):
        found = re.search(r"^#path[\s]+(\S+)", start, re.MULTILINE)
        fields = re.search(r"^#fields(.*)$", start, re.MULTILINE)
        return _named(found[1] if found else path.name, set(re.split(r"\s+", fields[1])) if fields else set())
    if not start.lstrip().startswith("{"):
        return ""
    keys: set[str] = set()
    told = ""
    for line in start.splitlines()[:100]:
        try:
            one = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(one, dict):
            keys |= one.keys()
            told = told or str(one.get("_path", ""))
    if "event_type" in keys or not keys & {"ts", "_path"}:
        return ""
    return _named(told or path.name, keys)


def _named(name: str, fields: set[str]) -> str:
    for kind, signs in SIGNS:
        if fields & signs:
            return kind
    stem = name.partition(".")[0].lower()
    return stem if stem in LOGS else "other"


def parse(path: Path, damage: Damage, context: Context) -> Iterator[tuple[int, Rows]]:
    """The file's rows, block by block. See `LOGS` for what each log tells.

    Raises:
        SourceError: the file vanished or cannot be read any more.
    """
    kind = kind_of(path)
    log = LOGS.get(kind)
    if log is None:
        return
    header = Header()
    for block in blocks(path, damage):
        for rows in _frames(block, header, kind, path.name, damage):
            yield block.position, log.read(rows, context, damage, path.name)


@dataclass(slots=True)
class Header:
    """What the last header said: how fields are separated and called. Zeek's defaults until then."""

    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    fields: tuple[str, ...] = ()
    seen: int = 0

    def take(self, line: str) -> None:
        """Reads one line of a header; the others say nothing of the form."""
        name, _, value = line[1:].partition(self.separator)
        if line.startswith("#separator"):
            self.separator = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), line[10:].strip(" ")) or "\t"
        elif name == "set_separator":
            self.set_separator = value or ","
        elif name == "empty_field":
            self.empty = value
        elif name == "unset_field":
            self.unset = value
        elif name == "fields":
            self.fields = tuple(value.split(self.separator))
            self.seen += 1


def _frames(block: Block, header: Header, kind: str, name: str, damage: Damage) -> Iterator[pl.DataFrame]:
    """The block's rows as text: between two headers each has the same columns."""
    lines = numbered(block)
    fields = LOGS[kind].fields
    objects = lines.filter(pl.col("line").str.starts_with("{"))
    if objects.height and not header.fields:
        rest = lines.filter(~pl.col("line").str.starts_with("{") & ~pl.col("line").str.starts_with("#"))
        if rest.height:
            damage.add(f"{kind} log: broken line", f"{name}:{rest[LINE][0]}", rest.height)
        yield decoded(objects, fields, damage, f"{kind} log: broken line", name)
        return
    for part in _parts(lines, header, name, damage):
        if not header.fields:
            damage.add(f"{kind} log: lines before a header", f"{name}:{part[LINE][0]}", part.height)
        else:
            yield wanted(_split(part, header, kind, name, damage), fields)


def _parts(lines: pl.DataFrame, header: Header, name: str, damage: Damage) -> Iterator[pl.DataFrame]:
    """The data lines between headers; each header is taken before the lines that follow it."""
    told = lines["line"].str.starts_with("#")
    places = told.arg_true().to_list()
    reached = 0
    for place in places:
        if place > reached:
            yield lines[reached:place]
        if header.seen < MOST_HEADERS:
            header.take(lines["line"][place])
        else:
            damage.add("more headers than a log has", f"{name}:{lines[LINE][place]}")
        reached = place + 1
    if reached < lines.height:
        yield lines[reached:]


def _split(lines: pl.DataFrame, header: Header, kind: str, name: str, damage: Damage) -> pl.DataFrame:
    cells = lines["line"].str.count_matches(header.separator, literal=True) + 1
    whole = lines.filter(cells == len(header.fields))
    if whole.height < lines.height:
        lost = lines.filter(cells != len(header.fields))
        damage.add(f"{kind} log: broken line", f"{name}:{lost[LINE][0]}", lost.height)
    parts = whole["line"].str.split_exact(header.separator, len(header.fields) - 1).struct.unnest()
    wanted_fields = LOGS[kind].fields
    columns = [
        _cell(parts.to_series(at), header, wanted_fields[field]).alias(field)
        for at, field in enumerate(header.fields)
        if field in wanted_fields and field not in header.fields[:at]
    ]
    return whole.select(LINE).hstack(columns)


def _cell(values: pl.Series, header: Header, kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    blank = (values == header.unset) | (values == header.empty)
    told = pl.select(pl.when(~blank).then(values)).to_series()
    return told.str.split(header.set_separator) if kind == pl.List(pl.String) else told
