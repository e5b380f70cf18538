"""Writes export packets of NetFlow v5, v9 and IPFIX."""

import ipaddress
import struct
from collections.abc import Sequence

NOW = 1_700_000_000
V9 = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 4), (2, 4), (22, 4), (21, 4))
IPFIX = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 8), (2, 8), (152, 8), (153, 8))
UPTIME = 1_000_000  # ms


def v5(
    records: Sequence[tuple[str, int, str, int, int, int, int, int, int, int]], sequence: int = 0, sampling: int = 0
) -> bytes:
    """Records of (src, port, dst, port, proto, flags, packets, bytes, first, last), times in ms before `NOW`."""
    body = b"".join(
        struct.pack(
            ">4s4sIHHIIIIHHBBBBHHBBH",
            ipaddress.ip_address(src).packed,
            ipaddress.ip_address(dst).packed,
            0,
            1,
            2,
            packets,
            size,
            UPTIME - first,
            UPTIME - last,
            port,
            to,
            0,
            flags,
            proto,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        for src, port, dst, to, proto, flags, packets, size, first, last in records
    )
    return struct.pack(">HHIIIIBBH", 5, len(records), UPTIME, NOW, 0, sequence, 0, 0, sampling) + body


def template(fields: Sequence[tuple[int, int]], number: int = 256, set_: int = 0) -> bytes:
    """A set with one template; elements of an enterprise are (number | 0x8000, length, enterprise)."""
    told = b"".join(
        struct.pack(">HH", *one[:2]) + (struct.pack(">I", one[2]) if len(one) > 2 else b"") for one in fields
    )
    return _set(set_, struct.pack(">HH", number, len(fields)) + told)


def _set(number: int, body: bytes) -> bytes:
    padding = b"\0" * (-len(body) % 4)
    return struct.pack(">HH", number, len(body) + len(padding) + 4) + body + padding


def data(records: Sequence[bytes], number: int = 256) -> bytes:
    """A set of records."""
    return _set(number, b"".join(records))


def record9(
    src: str,
    port: int,
    dst: str,
    to: int,
    *,
    proto: int = 6,
    flags: int = 0x1B,
    size: int = 1000,
    packets: int = 10,
    first: int = 5000,
    last: int = 1000,
) -> bytes:
    """A record of the template `V9`; times in ms before `NOW`."""
    ends = ipaddress.ip_address(src).packed, ipaddress.ip_address(dst).packed
    return struct.pack(">4s4sHHBBIIII", *ends, port, to, proto, flags, size, packets, UPTIME - first, UPTIME - last)


def record10(
    src: str,
    port: int,
    dst: str,
    to: int,
    *,
    proto: int = 6,
    flags: int = 0x1B,
    size: int = 1000,
    packets: int = 10,
    first: int = 5000,
    last: int = 1000,
) -> bytes:
    """A record of the template `IPFIX`; times in ms before `NOW`."""
    ends = ipaddress.ip_address(src).packed, ipaddress.ip_address(dst).packed
    return struct.pack(
        ">4s4sHHBBQQQQ", *ends, port, to, proto, flags, size, packets, NOW * 1000 - first, NOW * 1000 - last
    )


def v9(sets: Sequence[bytes], sequence: int = 0, domain: int = 1) -> bytes:
    """A NetFlow v9 packet."""
    return struct.pack(">HHIIII", 9, len(sets), UPTIME, NOW, sequence, domain) + b"".join(sets)


def ipfix(sets: Sequence[bytes], sequence: int = 0, domain: int = 1) -> bytes:
    """An IPFIX message."""
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, len(body) + 16, NOW, sequence, domain) + body
