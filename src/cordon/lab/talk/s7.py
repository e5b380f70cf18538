"""S7 communication over ISO transport (RFC 1006, ISO 8073), as Siemens controllers speak it."""

from struct import pack
from typing import Final

_JOB, _ANSWER = 1, 3


def _packet(content: bytes) -> bytes:
    return b"\x03\0" + pack(">H", 4 + len(content)) + content


def _data(kind: int, reference: int, parameters: bytes, content: bytes = b"") -> bytes:
    error = b"\0\0" if kind == _ANSWER else b""
    head = pack(">BBHHHH", 0x32, kind, 0, reference, len(parameters), len(content))
    return _packet(b"\x02\xf0\x80" + head + error + parameters + content)


CONNECT: Final = _packet(bytes.fromhex("11e00000000100c0010ac1020100c2020102"))
"""Asks for a transport connection to rack 0, slot 2."""

CONFIRM: Final = _packet(bytes.fromhex("11d00001000200c0010ac1020100c2020102"))


def set_up(reference: int, *, answer: bool = False) -> bytes:
    """Agrees on packets of 480 bytes."""
    return _data(_ANSWER if answer else _JOB, reference, bytes.fromhex("f0000001000101e0"))


def read(reference: int, block: int, first: int, count: int) -> bytes:
    """Reads `count` bytes of a data block from byte `first`."""
    item = bytes.fromhex("120a1002") + pack(">HHB", count, block, 0x84) + (first * 8).to_bytes(3, "big")
    return _data(_JOB, reference, b"\x04\x01" + item)


def values(reference: int, content: bytes) -> bytes:
    """What was read."""
    return _data(_ANSWER, reference, b"\x04\x01", b"\xff\x04" + pack(">H", 8 * len(content)) + content)
