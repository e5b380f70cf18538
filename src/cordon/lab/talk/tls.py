"""TLS handshakes and records that parse, with a ClientHello typical of each TLS library (RFC 5246, RFC 8446).

Secrets, certificates' keys and everything encrypted are random bytes.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

from cordon.lab.wire.tcp import Connection

_GREASE: Final = (0x0A0A, 0x1A1A, 0x2A2A, 0x3A3A, 0x4A4A, 0x5A5A, 0x6A6A, 0x7A7A, 0x8A8A, 0x9A9A, 0xAAAA)
_NOISE: Final = Random(20_260_302).randbytes(1 << 18)
_TLS13_SUITES: Final = (0x1301, 0x1302, 0x1303)


@dataclass(frozen=True, slots=True)
class Library:
    """How one TLS library opens: its suites, extensions in their order, groups and signature schemes."""

    suites: tuple[int, ...]
    extensions: tuple[int, ...]
    groups: tuple[int, ...] = (0x1D, 0x17, 0x18)
    schemes: tuple[int, ...] = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
    modern: bool = True  # offers TLS 1.3
    grease: bool = False
    datagrams: bool = False  # speaks QUIC: TLS 1.3 alone, no session to resume (RFC 9001, 8.4)


_MODERN: Final = (0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8)

LIBRARIES: Final[dict[str, Library]] = {
    "openssl": Library(
        (0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC02B, 0xC02F, 0x009E,
         0xC024,
         0xC028, 0xC00A, 0xC014, 0x009D, 0x009C, 0x003D, 0x0035, 0x00FF),
        (0, 11, 10, 16, 22, 23, 49, 13, 43, 45, 51),
        (0x1D, 0x17, 0x1E, 0x19, 0x18),
    ),
    "openssl-old": Library(
        (0xC030, 0xC02C, 0xC028, 0xC024, 0xC014, 0xC00A, 0x009D, 0x003D, 0x0035, 0xC02F, 0xC02B, 0x009C,
         0x002F,
         0x00FF),
        (0, 11, 10, 35, 13, 15),
        (0x17, 0x18, 0x19),
        (0x0601, 0x0603, 0x0501, 0x0503, 0x0401, 0x0403, 0x0201, 0x0203),
        modern=False,
    ),
    "mbedtls": Library(
        (0xC02C, 0xC030, 0x009F, 0xC0AD, 0xC02B, 0xC02F, 0x009E, 0xC00A, 0xC014, 0x0035, 0x00FF),
        (0, 13, 10, 11, 22, 23),
        (0x17, 0x18, 0x19),
        (0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401),
        modern=False,
    ),
    "wolfssl": Library(
        (0xC02C, 0xC02B, 0xC030, 0xC02F, 0xC027, 0xC023), (0, 10, 13, 23), (0x17, 0x18), (0x0403, 0x0401),
        modern=False,
    ),
    "lwip-mbedtls": Library(
        (0xC02B, 0xC02F, 0x009C, 0x00FF), (0, 13, 10, 11, 16), (0x17,), (0x0403, 0x0401), modern=False
    ),
    "boring": Library(
        (*_MODERN, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035),
        (0, 23, 0xFF01, 10, 11, 35, 16, 5, 13, 51, 45, 43),
    ),
    "chrome": Library(
        (*_MODERN, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035),
        (0, 23, 0xFF01, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27),
        grease=True,
    ),
    "firefox": Library(
        (0x1301, 0x1303, 0x1302, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC02C, 0xC030, 0xC00A, 0xC009, 0xC013,
         0xC014,
         0x009C, 0x009D, 0x002F, 0x0035),
        (0, 23, 0xFF01, 10, 11, 35, 16, 5, 34, 51, 43, 13, 45, 28),
        (0x1D, 0x17, 0x18, 0x19, 0x100, 0x101),
    ),
    "schannel": Library(
        (0x1302, 0x1301, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A, 0xC009,
         0xC014,
         0xC013, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F),
        (0, 5, 10, 11, 13, 35, 16, 23, 43, 45, 51, 0xFF01),
    ),
    "apple": Library(
        (*_MODERN, 0xC00A, 0xC009, 0xC014, 0xC013, 0x009D, 0x009C, 0x0035, 0x002F, 0xC008, 0xC012, 0x000A),
        (0, 23, 0xFF01, 10, 11, 16, 5, 13, 18, 51, 45, 43, 27),
        (0x1D, 0x17, 0x18, 0x19),
        grease=True,
    ),
    "java": Library(
        (0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E, 0xC024, 0xC028, 0xC023,
         0xC027),
        (0, 5, 10, 13, 50, 17, 23, 43, 45, 51),
        (0x1D, 0x17, 0x18, 0x19, 0x1E),
    ),
    "go": Library(
        (0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC009, 0xC013, 0xC00A, 0xC014, 0x1301, 0x1302,
         0x1303),
        (0, 11, 0xFF01, 23, 18, 16, 5, 10, 13, 43, 51),
        (0x1D, 0x17, 0x18, 0x19),
    ),
    "quic": Library((0x1301, 0x1302, 0x1303), (0, 10, 16, 13, 51, 45, 43, 57), datagrams=True),
}  # fmt: skip


def noise(rng: Random, size: int) -> bytes:
    """Bytes that look encrypted."""
    if size > len(_NOISE):
        return noise(rng, len(_NOISE)) + noise(rng, size - len(_NOISE))
    at = int(rng.random() * (len(_NOISE) - size + 1))
    return _NOISE[at : at + size]


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _vector(content: bytes, width: int = 2) -> bytes:
    return len(content).to_bytes(width, "big") + content


def _list16(values: tuple[int, ...]) -> bytes:
    return _vector(b"".join(_u16(value) for value in values))


def record(kind: int, content: bytes, version: int = 0x0303) -> bytes:
    return bytes((kind,)) + _u16(version) + _vector(content)


def data(rng: Random, size: int) -> bytes:
    """Application data of `size` plain bytes, in as many records as needed."""
    pieces = []
    while size > 0:
        part = min(size, 16_384)
        pieces.append(record(23, noise(rng, part + 24)))
        size -= part
    return b"".join(pieces)


def client_hello(library: Library, name: str, alpn: tuple[str, ...], rng: Random) -> bytes:
    """The first record of a client; an empty `name` leaves the server name out."""
    grease = rng.choice(_GREASE) if library.grease else 0
    suites = (grease, *library.suites) if grease else library.suites
    contents: dict[int, bytes | None] = {**_FIXED, **_extensions(library, name, alpn, rng, grease)}
    chosen = ((number, contents.get(number, b"")) for number in library.extensions)
    parts = [_u16(number) + _vector(content) for number, content in chosen if content is not None]
    if grease:
        parts = [
            _u16(grease) + b"\0\0",
            *parts,
            _u16(rng.choice([g for g in _GREASE if g != grease])) + b"\0\1\0",
        ]
    session = rng.randbytes(32) if library.modern and not library.datagrams else b""
    body = b"\x03\x03" + rng.randbytes(32) + _vector(session, 1) + _list16(suites) + b"\x01\x00"
    body += _vector(b"".join(parts))
    return record(22, b"\x01" + _vector(body, 3), 0x0301)


_FIXED: Final[dict[int, bytes]] = {
    5: b"\x01\0\0\0\0",  # OCSP
    11: b"\x01\x00",  # uncompressed points
    15: b"\x01",
    17: _vector(b"\x02" + _vector(b"\0\0\0\0")),
    27: b"\x02\x00\x02",  # Brotli
    28: b"\x40\x01",
    34: _list16((0x0403, 0x0503, 0x0603, 0x0203)),
    45: b"\x01\x01",
    57: bytes.fromhex("01048001d4c00408c0000000001000000504800800000604800800000704800800000801100f00"),
    0xFF01: b"\0",
}
"""Contents of extensions that are the same each time, by number; others are empty.

57 are QUIC's transport parameters (RFC 9000, 18.2): idle time, flow limits, an empty connection id of the client.
"""


def _extensions(
    library: Library, name: str, alpn: tuple[str, ...], rng: Random, grease: int
) -> dict[int, bytes | None]:
    """Contents of the extensions that depend on who asks for what; None leaves one out."""
    groups = (grease, *library.groups) if grease else library.groups
    offered = b"".join(_vector(item.encode(), 1) for item in alpn)
    versions = (_u16(grease) if grease else b"") + (b"\x03\x04" if library.datagrams else b"\x03\x04\x03\x03")
    shares = (_u16(grease) + b"\0\1\0") if grease else b""
    return {
        0: _vector(b"\0" + _vector(name.encode())) if name else None,
        10: _list16(groups),
        13: _list16(library.schemes),
        50: _list16(library.schemes),
        16: _vector(offered) if alpn else None,
        43: _vector(versions, 1),
        51: _vector(shares + b"\0\x1d" + _vector(rng.randbytes(32))),
    }


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big") + content


def certificate(name: str, rng: Random) -> bytes:
    """An X.509 certificate (RFC 5280) for `name` with a random key and a random signature."""
    rsa_sha256 = _der(0x30, _der(6, bytes.fromhex("2a864886f70d01010b")), b"\x05\x00")
    rsa = _der(0x30, _der(6, bytes.fromhex("2a864886f70d010101")), b"\x05\x00")
    modulus = b"\x00\xc1" + rng.randbytes(255)
    key = _der(0x30, rsa, _der(3, b"\0", _der(0x30, _der(2, modulus), b"\x02\x03\x01\x00\x01")))
    valid = _der(0x30, _der(0x17, b"250601000000Z"), _der(0x17, b"270601000000Z"))
    tbs = _der(
        0x30, b"\xa0\x03\x02\x01\x02", _der(2, b"\x4a" + rng.randbytes(7)), rsa_sha256,
        _subject("Simulated Issuing CA"), valid, _subject(name), key,
    )  # fmt: skip
    return _der(0x30, tbs, rsa_sha256, _der(3, b"\0", rng.randbytes(256)))


def _subject(name: str) -> bytes:
    common = _der(0x30, _der(6, b"\x55\x04\x03"), _der(0x0C, name.encode()))
    return _der(0x30, _der(0x31, common))


def handshake(talk: Connection, library: Library, name: str, alpn: tuple[str, ...], rng: Random) -> None:
    """A full handshake on an open connection; afterwards both sides may send `data`."""
    hello = client_hello(library, name, alpn, rng)
    talk.send(hello)
    suite = next(code for code in library.suites if code in _TLS13_SUITES or not library.modern)
    if library.modern:
        _answer_13(talk, hello, suite, rng)
    else:
        _answer_12(talk, suite, name, rng)


def _answer_13(talk: Connection, hello: bytes, suite: int, rng: Random) -> None:
    extensions = b"\0\x2b\0\x02\x03\x04" + b"\0\x33" + _vector(b"\0\x1d" + _vector(rng.randbytes(32)))
    session = hello[44:76]  # echoed: record 5, handshake 4, version 2, random 32, length 1
    body = b"\x03\x03" + rng.randbytes(32) + _vector(session, 1) + _u16(suite) + b"\0" + _vector(extensions)
    change = record(20, b"\x01")
    talk.reply(record(22, b"\x02" + _vector(body, 3)) + change + record(23, noise(rng, 2300 + rng.randrange(700))))
    talk.send(change + record(23, noise(rng, 53)), wait=900)


def _answer_12(talk: Connection, suite: int, name: str, rng: Random) -> None:
    body = b"\x03\x03" + rng.randbytes(32) + _vector(rng.randbytes(32), 1) + _u16(suite) + b"\0"
    body += _vector(b"\xff\x01\0\x01\0")
    chain = _vector(certificate(name or "device.local", rng), 3)
    flight = b"\x02" + _vector(body, 3) + b"\x0b" + _vector(_vector(chain, 3), 3)
    elliptic = suite >> 8 == 0xC0 and suite < 0xC09C
    if elliptic:
        point = b"\x03\0\x17" + _vector(b"\x04" + rng.randbytes(64), 1)
        flight += b"\x0c" + _vector(point + b"\x04\x01" + _vector(rng.randbytes(256)), 3)
    talk.reply(record(22, flight + b"\x0e\0\0\0"))
    exchange = _vector(b"\x04" + rng.randbytes(64), 1) if elliptic else _vector(rng.randbytes(256))
    change = record(20, b"\x01")
    talk.send(record(22, b"\x10" + _vector(exchange, 3)) + change + record(22, noise(rng, 40)), wait=2500)
    talk.reply(change + record(22, noise(rng, 40)))
