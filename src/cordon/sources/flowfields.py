"""The fields of flow export that mean something to us, and how a template lays them out.

Numbers are those of RFC 3954 (NetFlow v9) and IANA's IPFIX registry, which agree up to 127. Others are skipped.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
VARIABLE: Final = 0xFFFF
REVERSE: Final = 29305
"""The enterprise whose elements are those of the other direction (RFC 5103)."""

COLUMNS: Final = (
    "first", "last", "proto", "src_port", "dst_port", "src", "dst", "src_high", "src_low", "dst_high", "dst_low", "six",
    "src_mac", "dst_mac", "vlan", "flags_out", "flags_in", "packets_out", "packets_in", "bytes_out", "bytes_in",
    "reason", "sampling", "exporter",
)  # fmt: skip
"""Columns of decoded records, all unsigned 64-bit: times in µs, addresses as numbers, `six` 1 for IPv6."""

PLAIN: Final = {
    1: "bytes_out", 85: "bytes_out", 2: "packets_out", 86: "packets_out", 231: "bytes_out", 298: "packets_out",
    232: "bytes_in", 299: "packets_in", 4: "proto", 6: "flags_out", 7: "src_port", 11: "dst_port", 8: "src", 12: "dst",
    56: "src_mac", 80: "dst_mac", 58: "vlan", 136: "reason", 34: "sampling", 50: "sampling", 305: "sampling",
    32: "icmp", 139: "icmp",
}  # fmt: skip
BACKWARD: Final = {1: "bytes_in", 85: "bytes_in", 2: "packets_in", 86: "packets_in", 6: "flags_in"}
LONG: Final = {27: ("src_high", "src_low"), 28: ("dst_high", "dst_low")}
"""IPv6 addresses: the upper and the lower half."""

TIMES: Final = {
    22: ("first", "uptime"), 21: ("last", "uptime"),
    150: ("first", "seconds"), 151: ("last", "seconds"),
    152: ("first", "milliseconds"), 153: ("last", "milliseconds"),
    154: ("first", "ntp"), 155: ("last", "ntp"), 156: ("first", "ntp"), 157: ("last", "ntp"),
    158: ("first", "before"), 159: ("last", "before"),
}  # fmt: skip
INIT: Final = 160  # when the exporter started, milliseconds since the epoch
SAMPLING: Final = (34, 50, 305)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a template: its number, its enterprise (0: none), its length, and where it begins in a record."""

    number: int
    enterprise: int
    length: int
    offset: int


@dataclass(frozen=True, slots=True)
class Template:
    """How records of one kind are laid out. Offsets of templates with fields of variable length count without them."""

    fields: tuple[Field, ...]
    length: int  # of the fixed fields
    is_variable: bool
    is_options: bool

    @classmethod
    def of(cls, told: list[tuple[int, int, int]], *, is_options: bool) -> "Template | None":
        """The template of (number, enterprise, length); None when its records would have no length."""
        fields, offset = [], 0
        for number, enterprise, length in told:
            fields.append(Field(number, enterprise, length, offset))
            offset += 0 if length == VARIABLE else length
        variable = any(length == VARIABLE for _, _, length in told)
        return cls(tuple(fields), offset, variable, is_options) if offset or variable else None


@dataclass(frozen=True, slots=True)
class Clock:
    """What an export packet says of time: when it was sent (µs), and since when the exporter runs (µs)."""

    sent: int
    started: int


def rows_of(template: Template, data: bytes) -> npt.NDArray[np.uint8]:
    """The records of a set as a matrix of bytes, a row each; fields of variable length are left out of it.

    What is left at the end is padding, or a record cut short.
    """
    if not template.is_variable:
        count = len(data) // template.length
        return _matrix(data[: count * template.length], count)
    records, at = [], 0
    while (record := _fixed(template, data, at)) is not None:
        parts, at = record
        records.append(parts)
    return _matrix(b"".join(records), len(records))


def _matrix(data: bytes, rows: int) -> npt.NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8).reshape(rows, len(data) // rows) if data else np.zeros((rows, 0), np.uint8)


def _fixed(template: Template, data: bytes, at: int) -> tuple[bytes, int] | None:
    """The fixed fields of the record at a place, and where it ends; None when it does not fit (RFC 7011, 7)."""
    parts, began = [], at
    for field in template.fields:
        length = field.length
        if length == VARIABLE:
            if at >= len(data):
                return None
            length, at = data[at], at + 1
            if length == 255:  # the length follows in two bytes
                length, at = int.from_bytes(data[at : at + 2], "big"), at + 2
        else:
            parts.append(data[at : at + length])
        at += length
        if at > len(data):
            return None
    return (b"".join(parts), at) if at > began else None


def words(rows: npt.NDArray[np.uint8], offset: int, length: int) -> Words:
    """A field of each row as a number; of longer ones the last eight bytes."""
    length, offset = min(length, 8), offset + max(0, length - 8)
    wide = np.zeros((len(rows), 8), np.uint8)
    wide[:, 8 - length :] = rows[:, offset : offset + length]
    found: Words = wide.view(">u8").reshape(len(rows)).astype(np.uint64)
    return found


def columns_of(template: Template, rows: npt.NDArray[np.uint8], clock: Clock) -> dict[str, Words]:
    """The columns of `COLUMNS` that a template's records fill; times are in µs, `sampling` is 0 when not told."""
    found: dict[str, Words] = {}
    started = np.full(len(rows), clock.started, np.uint64)
    for field in template.fields:
        if field.number == INIT and not field.enterprise and field.length == 8:
            started = words(rows, field.offset, 8) * np.uint64(1000)
    for field in template.fields:
        if field.length == VARIABLE or field.enterprise not in {0, REVERSE}:
            continue
        if field.enterprise == REVERSE:
            name = BACKWARD.get(field.number)
        elif field.number in LONG and field.length == 16:
            high, low = LONG[field.number]
            found[high], found[low] = words(rows, field.offset, 8), words(rows, field.offset + 8, 8)
            continue
        elif field.number in TIMES:
            name, form = TIMES[field.number]
            found[name] = _time(words(rows, field.offset, field.length), form, started, clock)
            continue
        else:
            name = PLAIN.get(field.number)
        if name is not None:
            found[name] = words(rows, field.offset, field.length)
    return found


def _time(value: Words, form: str, started: Words, clock: Clock) -> Words:
    if form == "uptime":
        return started + value * np.uint64(1000)
    if form == "seconds":
        return value * np.uint64(1_000_000)
    if form == "milliseconds":
        return value * np.uint64(1000)
    if form == "before":
        return np.uint64(clock.sent) - np.minimum(value, np.uint64(clock.sent))
    seconds = (value >> np.uint64(32)) - np.minimum(value >> np.uint64(32), np.uint64(2_208_988_800))  # 1900 to 1970
    rest = (value & np.uint64(0xFFFFFFFF)) * np.uint64(1_000_000) >> np.uint64(32)
    found: Words = seconds * np.uint64(1_000_000) + rest
    return found
