"""Fills in the checksums of many frames at once (RFC 1071), in place.

The sum is taken over words as the machine reads them: byte order does not matter to it as long as everything
summed, and the result, has the same (RFC 1071, section 2 B).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
_Sums = NDArray[np.uint32]

_FIELD: Final = ((6, 16), (17, 6), (1, 2), (58, 2))
"""Where the checksum lies, by protocol number."""


def fill(data: Bytes, starts: Places) -> None:
    """Writes the IPv4, TCP, UDP, ICMP and ICMPv6 checksums of the frames in `data`.

    Each frame begins at an even place in `starts`; `data` ends on an even length and stays below 64 MiB.
    Checksum fields must hold zero.
    """
    kind = (data[starts + 12].astype(np.int64) << 8) | data[starts + 13]
    running = np.zeros(len(data) // 2 + 1, np.uint32)
    np.cumsum(data.view("<u2"), dtype=np.uint32, out=running[1:])  # wraps, differences do not care
    four = starts[kind == 0x0800]
    six = starts[kind == 0x86DD]
    if four.size:
        header = (data[four + 14].astype(np.int64) & 15) * 4
        _put(data, four + 24, _sums(running, four + 14, four + 14 + header))
        length = _word(data, four + 16) - header
        proto = data[four + 23].astype(np.int64)
        pseudo = _sums(running, four + 26, four + 34) + _swapped(proto) + _swapped(length)
        content = _content(running, four + 14 + header, length)
        _transport(data, proto, four + 14 + header, content + np.where(proto == 1, 0, pseudo))
    if six.size:
        length, proto = _word(data, six + 18), data[six + 20].astype(np.int64)
        pseudo = _sums(running, six + 22, six + 54) + _swapped(proto) + _swapped(length)
        _transport(data, proto, six + 54, _content(running, six + 54, length) + pseudo)


def _content(running: _Sums, at: Places, length: Places) -> Places:
    return _sums(running, at, at + length + (length & 1))


def _transport(data: Bytes, proto: Places, at: Places, total: Places) -> None:
    for number, offset in _FIELD:
        chosen = proto == number
        if chosen.any():
            _put(data, at[chosen] + offset, total[chosen], never_zero=number == 17)


def _sums(running: _Sums, begin: Places, end: Places) -> Places:
    """Sums of the 16-bit words from `begin` to `end` (bytes, even), out of the running sum."""
    return (running[end // 2] - running[begin // 2]).astype(np.int64)


def _word(data: Bytes, at: Places) -> Places:
    result: Places = (data[at].astype(np.int64) << 8) | data[at + 1]
    return result


def _swapped(value: Places) -> Places:
    result: Places = ((value & 0xFF) << 8) | (value >> 8)
    return result


def _put(data: Bytes, at: Places, total: Places, *, never_zero: bool = False) -> None:
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    value = ~total & 0xFFFF
    if never_zero:  # a UDP checksum of zero means "none" (RFC 768)
        value = np.where(value == 0, 0xFFFF, value)
    data[at] = value & 0xFF
    data[at + 1] = value >> 8
