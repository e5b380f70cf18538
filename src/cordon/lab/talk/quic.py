"""QUIC version 1 packets (RFC 9000): Initials whose protection opens (RFC 9001, section 5), the rest as noise."""

import hmac
from dataclasses import dataclass
from random import Random
from struct import pack
from typing import Final

from cordon.lab.talk.aes import Aes128, seal
from cordon.lab.talk.tls import LIBRARIES, client_hello, noise

LEAST: Final = 1200
"""Least payload of a datagram that carries an Initial (RFC 9000, 14.1)."""

_SALT: Final = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")  # RFC 9001, 5.2
_VERSION: Final = b"\0\0\0\x01"
_TAG: Final = 16


def _label(secret: bytes, label: str, size: int) -> bytes:
    """HKDF-Expand-Label of one block without context (RFC 8446, 7.1)."""
    name = b"tls13 " + label.encode()
    told = size.to_bytes(2, "big") + bytes((len(name),)) + name + b"\0\x01"
    return hmac.digest(secret, told, "sha256")[:size]


@dataclass(frozen=True, slots=True)
class Keys:
    """What protects one side's Initials."""

    key: bytes
    iv: bytes
    header: bytes

    @classmethod
    def of(cls, connection: bytes, side: str) -> "Keys":
        """From the id the client chose for the server; `side` is "client" or "server"."""
        secret = _label(hmac.digest(_SALT, connection, "sha256"), f"{side} in", 32)
        return cls(_label(secret, "quic key", 16), _label(secret, "quic iv", 12), _label(secret, "quic hp", 16))

    def protect(self, head: bytes, number: int, plain: bytes) -> bytes:
        """A whole packet; `head` ends with the packet number in four bytes (RFC 9001, 5.3 and 5.4)."""
        nonce = (int.from_bytes(self.iv, "big") ^ number).to_bytes(12, "big")
        secret = seal(self.key, nonce, plain, head)
        mask = Aes128(self.header).block(secret[:16])
        hidden = bytes(one ^ other for one, other in zip(head[-4:], mask[1:5], strict=True))
        return bytes((head[0] ^ (mask[0] & 0x0F),)) + head[1:-4] + hidden + secret


def varint(value: int, width: int = 2) -> bytes:
    """A number in two or four bytes (RFC 9000, 16)."""
    return (value | (0x4000 if width == 2 else 0x8000_0000)).to_bytes(width, "big")


def _long(kind: int, target: bytes, source: bytes, length: int, *, token: bool) -> bytes:
    """A long header with packet number 0 in four bytes; `length` counts what follows the length."""
    ids = bytes((len(target),)) + target + bytes((len(source),)) + source
    return bytes((0xC3 | kind << 4,)) + _VERSION + ids + (b"\0" if token else b"") + varint(length) + bytes(4)


def _crypto(message: bytes) -> bytes:
    return b"\x06\0" + varint(len(message)) + message


def client_initial(connection: bytes, name: str, rng: Random) -> bytes:
    """The first datagram: an Initial with a ClientHello for `name`, padded to 1,200 bytes."""
    hello = client_hello(LIBRARIES["quic"], name, ("h3",), rng)[5:]  # QUIC has no records
    size = LEAST - len(_long(0, connection, b"", 0, token=True)) - _TAG
    head = _long(0, connection, b"", 4 + size + _TAG, token=True)
    return Keys.of(connection, "client").protect(head, 0, _crypto(hello).ljust(size, b"\0"))


def server_initial(connection: bytes, server: bytes, rng: Random) -> bytes:
    """The answer: an Initial with ACK and ServerHello, and a Handshake packet that fills 1,200 bytes."""
    extensions = b"\0\x2b\0\x02\x03\x04" + b"\0\x33\0\x24\0\x1d\0\x20" + rng.randbytes(32)
    body = b"\x03\x03" + rng.randbytes(32) + b"\0\x13\x01\0" + pack(">H", len(extensions)) + extensions
    plain = b"\x02\0\0\0\0" + _crypto(b"\x02" + len(body).to_bytes(3, "big") + body)
    head = _long(0, b"", server, 4 + len(plain) + _TAG, token=True)
    first = Keys.of(connection, "server").protect(head, 0, plain)
    return first + handshake(b"", server, LEAST - len(first), rng)


def handshake(target: bytes, source: bytes, size: int, rng: Random) -> bytes:
    """A Handshake packet of `size` bytes in all; what it holds is noise."""
    empty = len(_long(2, target, source, 0, token=False)) - 4
    head = _long(2, target, source, size - empty, token=False)[:-4]
    return head + noise(rng, size - empty)


def short(target: bytes, size: int, rng: Random) -> bytes:
    """A packet with a short header and `size` bytes of noise, its number and tag included (RFC 9000, 17.3)."""
    return bytes((0x40 | rng.getrandbits(5),)) + target + noise(rng, size)
