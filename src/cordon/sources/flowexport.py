"""NetFlow v5, v9 (RFC 3954) and IPFIX (RFC 7011): export packets become columns of records. Opens no socket.

Records are decoded a whole set at a time. Everything an exporter can make grow has a bound: exporters, templates,
fields of a template, and data that waits for its template.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error as StructError  # noqa: N812  # the library's own name says nothing
from struct import unpack_from
from typing import Final

import numpy as np

from cordon.sources.damage import Damage
from cordon.sources.flowfields import COLUMNS, SAMPLING, Clock, Template, Words, columns_of, rows_of, words

MOST_EXPORTERS: Final = 256
MOST_TEMPLATES: Final = 512  # of one exporter and domain
MOST_FIELDS: Final = 256  # of one template
MOST_WAITING: Final = 64  # sets of one exporter and domain that wait for their template
RESTART: Final = 1 << 20
"""A sequence number further away than this was not reached by loss: the exporter started anew."""

OFF: Final = 300 * 1_000_000
"""An exporter's clock that differs by more (µs) is set right by when its packets came."""

_V5: Final = np.dtype(
    [
        ("src", ">u4"), ("dst", ">u4"), ("next", ">u4"), ("in", ">u2"), ("out", ">u2"), ("packets", ">u4"),
        ("bytes", ">u4"), ("first", ">u4"), ("last", ">u4"), ("src_port", ">u2"), ("dst_port", ">u2"), ("pad", "u1"),
        ("flags", "u1"), ("proto", "u1"), ("tos", "u1"), ("src_as", ">u2"), ("dst_as", ">u2"), ("src_mask", "u1"),
        ("dst_mask", "u1"), ("pad2", ">u2"),
    ]
)  # fmt: skip


@dataclass(slots=True)
class Domain:
    """What is remembered of one exporter's observation domain."""

    exporter: int
    templates: OrderedDict[int, Template] = field(default_factory=OrderedDict)
    waiting: list[tuple[int, bytes, Clock, int]] = field(default_factory=list)
    expected: int | None = None  # next sequence number
    sampling: int = 1


class Decoder:
    """Decodes export packets one after the other and gathers their records.

    `records` hands out what was gathered. `damage` counts what could not be read or was lost on the way.
    """

    def __init__(self, damage: Damage | None = None) -> None:
        self.damage = Damage() if damage is None else damage
        self.exporters: list[str] = []
        self.sampled = False  # some exporter told of a sample only
        self._domains: dict[tuple[str, int, int], Domain] = {}
        self._found: dict[str, list[Words]] = {name: [] for name in COLUMNS}
        self.count = 0

    def decode(self, data: bytes, exporter: str, received: int) -> None:
        """Takes in one export packet that came from that address at that time (µs); garbage is counted as damage."""
        try:
            (version,) = unpack_from(">H", data)
            if version == 5:
                self._version5(data, exporter, received)
            elif version in {9, 10}:
                self._templated(data, version, exporter, received)
            else:
                self.damage.add("no flow export", exporter)
        except StructError:
            self.damage.add("export packet cut short", exporter)

    def records(self) -> dict[str, Words]:
        """The records gathered since the last call, as columns of `COLUMNS`."""
        none = np.zeros(0, np.uint64)
        found = {name: np.concatenate(parts) if parts else none for name, parts in self._found.items()}
        self._found = {name: [] for name in COLUMNS}
        self.count = 0
        return found

    def _domain(self, exporter: str, version: int, number: int) -> Domain | None:
        key = (exporter, version, number)
        if key not in self._domains:
            if len(self._domains) >= MOST_EXPORTERS:
                self.damage.add("more exporters than are followed", exporter)
                return None
            if exporter not in self.exporters:
                self.exporters.append(exporter)
            self._domains[key] = Domain(self.exporters.index(exporter))
        return self._domains[key]

    def _version5(self, data: bytes, exporter: str, received: int) -> None:
        _, count, uptime, seconds, nanoseconds, sequence, engine, sampling = unpack_from(">HHIIIIHH", data)
        domain = self._domain(exporter, 5, engine)
        if domain is None:
            return
        there = min(count, (len(data) - 24) // _V5.itemsize)
        if there < count:
            self.damage.add("export packet cut short", exporter)
        self._follow(domain, exporter, sequence, count, "flow records lost")
        rows = np.frombuffer(data, _V5, there, 24)
        clock = _clock(seconds * 1_000_000 + nanoseconds // 1000, uptime)
        columns = {
            "src": rows["src"], "dst": rows["dst"], "src_port": rows["src_port"], "dst_port": rows["dst_port"],
            "proto": rows["proto"], "flags_out": rows["flags"],
            "packets_out": rows["packets"], "bytes_out": rows["bytes"],
            "first": rows["first"].astype(np.uint64) * np.uint64(1000) + np.uint64(clock.started),
            "last": rows["last"].astype(np.uint64) * np.uint64(1000) + np.uint64(clock.started),
        }  # fmt: skip
        domain.sampling = max(1, sampling & 0x3FFF)
        self._keep(
            {name: np.asarray(part, np.uint64) for name, part in columns.items()}, there, domain, clock, received
        )

    def _templated(self, data: bytes, version: int, exporter: str, received: int) -> None:
        if version == 9:
            _, _, uptime, seconds, sequence, number = unpack_from(">HHIIII", data)
            at, end = 20, len(data)
        else:
            _, length, seconds, sequence, number = unpack_from(">HHIII", data)
            uptime, at, end = 0, 16, min(length, len(data))
            if length > len(data):
                self.damage.add("export packet cut short", exporter)
        domain = self._domain(exporter, version, number)
        if domain is None:
            return
        clock = _clock(seconds * 1_000_000, uptime)
        told: int | None = 0
        for set_, body in self._sets(data, at, end, exporter):
            if set_ in {0, 1, 2, 3}:
                self._learn(domain, body, version, exporter, is_options=set_ in {1, 3})
                self._retry(domain)
            elif set_ >= 256:
                count = self._data(domain, set_, body, clock, received, exporter)
                told = None if told is None or count is None else told + count
        if version == 9:
            self._follow(domain, exporter, sequence, 1, "export packets lost")
        else:
            self._follow(domain, exporter, sequence, told, "flow records lost")

    def _sets(self, data: bytes, at: int, end: int, exporter: str) -> Iterator[tuple[int, bytes]]:
        while at + 4 <= end:
            number, length = unpack_from(">HH", data, at)
            if length < 4 or at + length > end:
                self.damage.add("export packet cut short", exporter)
                return
            yield number, data[at + 4 : at + length]
            at += length

    def _learn(self, domain: Domain, body: bytes, version: int, exporter: str, *, is_options: bool) -> None:
        """Takes in the templates of a set; those of options are kept for what they tell of sampling."""
        at = 0
        while at + 4 <= len(body):
            number, count = unpack_from(">HH", body, at)
            at += 4
            if is_options and not (version == 10 and not count) and at + 2 <= len(body):
                (extra,) = unpack_from(">H", body, at)
                at += 2
                count = count if version == 10 else (count + extra) // 4  # RFC 3954 counts bytes here
            if count > MOST_FIELDS:
                self.damage.add("template with too many fields", exporter)
                return
            told = []
            for _ in range(count):
                kind, length = unpack_from(">HH", body, at)
                at, enterprise = at + 4, 0
                if version == 10 and kind & 0x8000:
                    (enterprise,) = unpack_from(">I", body, at)
                    kind, at = kind & 0x7FFF, at + 4
                told.append((kind, enterprise, length))
            self._template(domain, number, Template.of(told, is_options=is_options), exporter)

    def _template(self, domain: Domain, number: int, template: Template | None, exporter: str) -> None:
        domain.templates.pop(number, None)  # one without fields withdraws it (RFC 7011, 8.1)
        if number < 256 or template is None:
            return
        domain.templates[number] = template
        if len(domain.templates) > MOST_TEMPLATES:
            domain.templates.popitem(last=False)
            self.damage.add("more templates than are kept", exporter)

    def _retry(self, domain: Domain) -> None:
        """Reads what waited for a template that has come."""
        ready = [one for one in domain.waiting if one[0] in domain.templates]
        domain.waiting = [one for one in domain.waiting if one[0] not in domain.templates]
        for number, body, clock, came in ready:
            self._data(domain, number, body, clock, came, "")

    def _data(self, domain: Domain, number: int, body: bytes, clock: Clock, received: int, exporter: str) -> int | None:
        """Reads a set of records; yields how many they were, None when that cannot be known yet."""
        template = domain.templates.get(number)
        if template is None:
            if len(domain.waiting) < MOST_WAITING:
                domain.waiting.append((number, body, clock, received))
            else:
                self.damage.add("data without a template", exporter)
            return None
        domain.templates.move_to_end(number)
        rows = rows_of(template, body)
        if template.is_options:
            for one in template.fields:
                if one.number in SAMPLING and not one.enterprise and len(rows):
                    domain.sampling = max(1, int(words(rows, one.offset, one.length)[-1]))
        elif len(rows):
            self._keep(columns_of(template, rows, clock), len(rows), domain, clock, received)
        return len(rows)

    def _keep(self, columns: dict[str, Words], count: int, domain: Domain, clock: Clock, received: int) -> None:
        """Adds records; what they do not tell is 0, their times that of the packet."""
        if not count:
            return
        sent = np.full(count, clock.sent, np.uint64)
        columns.setdefault("last", sent)
        columns.setdefault("first", columns["last"])
        if "icmp" in columns:
            icmp = columns.pop("icmp")
            columns["src_port"], columns["dst_port"] = icmp >> np.uint64(8), icmp & np.uint64(0xFF)
        if abs(received - clock.sent) > OFF:
            self.damage.add("exporter's clock is wrong", self.exporters[domain.exporter])
            columns |= {name: _shifted(columns[name], received - clock.sent) for name in ("first", "last")}
        six = "src_high" in columns or "dst_high" in columns
        sampling = np.maximum(columns.get("sampling", np.zeros(count, np.uint64)), np.uint64(domain.sampling))
        self.sampled |= bool((sampling > 1).any())
        fixed = {
            "six": np.full(count, six, np.uint64) & (columns.get("src", np.zeros(count, np.uint64)) == 0),
            "sampling": sampling,
            "exporter": np.full(count, domain.exporter, np.uint64),
        }
        for name in COLUMNS:
            part = fixed.get(name, columns.get(name))
            self._found[name].append(np.zeros(count, np.uint64) if part is None else part.astype(np.uint64))
        self.count += count

    def _follow(self, domain: Domain, exporter: str, sequence: int, told: int | None, says: str) -> None:
        """Counts what sequence numbers say was lost; `told` is by how much this packet moves them."""
        if domain.expected is not None:
            gap = (sequence - domain.expected) & 0xFFFFFFFF
            if 0 < gap < RESTART:
                self.damage.add(says, exporter, gap)
            elif gap > 0xFFFFFFFF - RESTART:
                return  # came late: it was counted as lost, and moves nothing
        domain.expected = None if told is None else (sequence + told) & 0xFFFFFFFF


def _clock(sent: int, uptime: int) -> Clock:
    return Clock(sent, max(0, sent - uptime * 1000))


def _shifted(times: Words, by: int) -> Words:
    return np.maximum(times.astype(np.int64) + by, 0).astype(np.uint64)
