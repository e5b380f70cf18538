"""DNS messages (RFC 1035), also as mDNS uses them (RFC 6762, RFC 6763)."""

from struct import pack
from typing import Final

A, CNAME, SOA, PTR, TXT, AAAA, SRV, ANY = 1, 5, 6, 12, 16, 28, 33, 255
_FLUSH: Final = 0x8000

Record = tuple[str, int, int, bytes]
"""Name, type, seconds to live, data."""


def encode_name(name: str) -> bytes:
    """A name as labels. A first label in backslash-free text may hold blanks, as mDNS instances do."""
    parts = name.encode().split(b".") if name else []
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\0"


def instance_name(instance: str, service: str) -> bytes:
    """An mDNS instance: its own name is one label, whatever it holds."""
    label = instance.encode()
    return bytes((len(label),)) + label + encode_name(f"{service}.local")


def question(ident: int, name: str, kind: int = A) -> bytes:
    return pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + encode_name(name) + pack(">HH", kind, 1)


def resource(name: bytes, kind: int, ttl: int, content: bytes, flush: bool = False) -> bytes:
    return name + pack(">HHIH", kind, 1 | (_FLUSH if flush else 0), ttl, len(content)) + content


def answer(ident: int, name: str, kind: int, records: list[Record], rcode: int = 0) -> bytes:
    """A resolver's answer; without records it carries the zone's SOA as authority."""
    asked = encode_name(name) + pack(">HH", kind, 1)
    body = b"".join(
        resource(b"\xc0\x0c" if owner == name else encode_name(owner), of, ttl, content)
        for owner, of, ttl, content in records
    )
    authority = b""
    if not records:
        zone = ".".join(name.split(".")[-2:])
        start = encode_name(f"ns1.{zone}") + encode_name(f"hostmaster.{zone}")
        authority = resource(encode_name(zone), SOA, 900, start + pack(">IIIII", 2026030101, 7200, 900, 1209600, 300))
    head = pack(">HHHHHH", ident, 0x8180 | rcode, 1, len(records), 1 if authority else 0, 0)
    return head + asked + body + authority


def multicast_question(names: list[tuple[str, int]]) -> bytes:
    body = b"".join(encode_name(name) + pack(">HH", kind, 1) for name, kind in names)
    return pack(">HHHHHH", 0, 0, len(names), 0, 0, 0) + body


def multicast_answer(records: list[bytes]) -> bytes:
    return pack(">HHHHHH", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


def text(pairs: tuple[str, ...]) -> bytes:
    """The data of a TXT record."""
    return b"".join(bytes((len(pair.encode()),)) + pair.encode() for pair in pairs) or b"\0"
