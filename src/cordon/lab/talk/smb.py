"""SMB 3 as a tap sees it: the negotiation in clear, all else sealed (MS-SMB2)."""

from random import Random
from struct import pack

_TICKS_TO_1970 = 116_444_736_000_000_000


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(4, "big") + message


def _header(command: int, flags: int) -> bytes:
    return b"\xfeSMB" + pack("<HHIHHIIQIIQ16s", 64, 0, 0, command, 31, flags, 0, 0, 0, 0, 0, bytes(16))


def negotiate(rng: Random) -> bytes:
    """NEGOTIATE request for dialects 2.0.2 to 3.0.2 (2.2.3)."""
    dialects = (0x0202, 0x0210, 0x0300, 0x0302)
    body = pack("<HHHHI16sQ", 36, len(dialects), 1, 0, 0x7F, rng.randbytes(16), 0)
    return _framed(_header(0, 0) + body + b"".join(pack("<H", dialect) for dialect in dialects))


def negotiated(rng: Random, time: int) -> bytes:
    """NEGOTIATE response choosing 3.0.2 (2.2.4), without a security token."""
    ticks = time * 10 + _TICKS_TO_1970
    body = pack(
        "<HHHH16sIIIIQQHHI",
        65,
        1,
        0x0302,
        0,
        rng.randbytes(16),
        0x7F,
        1 << 20,
        1 << 20,
        1 << 20,
        ticks,
        0,
        128,
        0,
        0,
    )
    return _framed(_header(0, 1) + body)


def sealed(rng: Random, session: int, size: int) -> bytes:
    """A TRANSFORM header and `size` encrypted bytes (2.2.41)."""
    head = b"\xfdSMB" + rng.randbytes(16) + rng.randbytes(11) + bytes(5) + pack("<IHHQ", size, 0, 1, session)
    return _framed(head + rng.randbytes(size))
