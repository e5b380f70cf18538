"""Writes frames to a capture file in the order of their times, with their checksums filled in."""

from struct import pack
from typing import BinaryIO, Final

import numpy as np

from cordon.lab.wire.checksums import Bytes, Places, fill

HEADER: Final = pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
"""Begins a microsecond pcap file of Ethernet frames (draft-ietf-opsawg-pcap)."""

RECORD: Final = np.dtype([("second", "<u4"), ("micro", "<u4"), ("kept", "<u4"), ("length", "<u4")])
"""Stands before each frame."""

AT_ONCE: Final = 4_096
"""Frames written at once: their words stay in the processor's cache."""


def sealed(data: Bytes, starts: Places, lengths: Places, times: Places) -> bytes:
    """Fills in the checksums and the records of frames, and drops what made their lengths even.

    In `data` each frame has room for its record before it, begins at an even place of `starts`, and is followed by
    a byte to be dropped when its length is odd; `times` are in µs.
    """
    fill(data, starts)
    records = np.empty(len(starts), dtype=RECORD)
    records["second"], records["micro"] = np.divmod(times, 1_000_000)
    records["kept"] = records["length"] = lengths
    data[(starts - RECORD.itemsize)[:, None] + np.arange(RECORD.itemsize)] = records.view(np.uint8).reshape(
        -1, RECORD.itemsize
    )
    keep = np.ones(len(data), dtype=bool)
    keep[(starts + lengths)[lengths & 1 == 1]] = False
    return data[keep].tobytes()


class Capture:
    """A microsecond pcap file of Ethernet frames.

    Frames may be added in any order as long as none is older than what was flushed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._times: list[int] = []
        self._heads: list[bytes] = []
        self._bodies: list[bytes] = []
        self.packets = 0
        self.bytes = 0
        file.write(HEADER)

    def __len__(self) -> int:
        return len(self._times)

    def add(self, time: int, head: bytes, body: bytes = b"") -> None:
        """Keeps one frame, `head` followed by `body`, seen at `time` (µs)."""
        self._times.append(time)
        self._heads.append(head)
        self._bodies.append(body)

    def flush(self, until: int | None = None) -> None:
        """Writes what is older than `until` (µs), or all."""
        times = np.array(self._times, dtype=np.int64)
        order = np.argsort(times, kind="stable")
        ready = len(order) if until is None else int(np.searchsorted(times[order], until))
        for begin in range(0, ready, AT_ONCE):
            self._write(times, order[begin : min(begin + AT_ONCE, ready)].tolist())
        left = order[ready:].tolist()
        self._times = [self._times[at] for at in left]
        self._heads = [self._heads[at] for at in left]
        self._bodies = [self._bodies[at] for at in left]

    def _write(self, times: Places, order: list[int]) -> None:
        heads, bodies = self._heads, self._bodies
        frames = [heads[at] + bodies[at] for at in order]
        lengths = np.array([len(frame) for frame in frames], dtype=np.int64)
        blank = bytes(RECORD.itemsize)
        pieces: list[bytes] = []
        for frame in frames:
            pieces.append(blank)
            pieces.append(frame)
            if len(frame) & 1:  # words must lie on even places; the extra byte is dropped again
                pieces.append(b"\0")
        data = np.frombuffer(bytearray(b"".join(pieces)), dtype=np.uint8)
        starts = np.cumsum(RECORD.itemsize + lengths + (lengths & 1)) - lengths - (lengths & 1)
        kept = sealed(data, starts, lengths, times[order])
        self._file.write(kept)
        self.packets += len(order)
        self.bytes += len(kept)
