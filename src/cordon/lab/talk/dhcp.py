"""DHCP messages (RFC 2131, RFC 2132)."""

from struct import pack
from typing import Final

DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
_COOKIE: Final = b"\x63\x82\x53\x63"


def message(
    kind: int,
    transaction: int,
    client: bytes,
    options: list[tuple[int, bytes]],
    *,
    ciaddr: bytes = bytes(4),
    yiaddr: bytes = bytes(4),
    siaddr: bytes = bytes(4),
) -> bytes:
    """A message of type `kind` about the client with that MAC address."""
    head = pack(">BBBBIHH", 2 if kind in (OFFER, ACK) else 1, 1, 6, 0, transaction, 0, 0)
    head += ciaddr + yiaddr + siaddr + bytes(4) + client.ljust(16, b"\0") + bytes(192) + _COOKIE
    body = b"".join(bytes((code, len(value))) + value for code, value in [(53, bytes((kind,))), *options])
    return (head + body + b"\xff").ljust(300, b"\0")
