"""Writes frames to a capture file in the order of their times, with their checksums filled in."""

from struct import pack
from typing import BinaryIO, Final

import numpy as np

from cordon.lab.wire.checksums import fill

_CHUNK: Final = 4_096  # frames written at once: their words stay in the processor's cache
_RECORD: Final = np.dtype([("second", "<u4"), ("micro", "<u4"), ("kept", "<u4"), ("length", "<u4")])


class Capture:
    """A microsecond pcap file of Ethernet frames (draft-ietf-opsawg-pcap).

    Frames may be added in any order as long as none is older than what was flushed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._times: list[int] = []
        self._heads: list[bytes] = []
        self._bodies: list[bytes] = []
        self.packets = 0
        self.bytes = 0
        file.write(pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))

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
        for begin in range(0, ready, _CHUNK):
            self._write(times, order[begin : min(begin + _CHUNK, ready)].tolist())
        left = order[ready:].tolist()
        self._times = [self._times[at] for at in left]
        self._heads = [self._heads[at] for at in left]
        self._bodies = [self._bodies[at] for at in left]

    def _write(self, times: "np.ndarray[tuple[int], np.dtype[np.int64]]", order: list[int]) -> None:
        heads, bodies = self._heads, self._bodies
        frames = [heads[at] + bodies[at] for at in order]
        lengths = np.array([len(frame) for frame in frames], dtype=np.int64)
        odd = lengths & 1
        blank = bytes(16)
        pieces: list[bytes] = []
        for frame in frames:
            pieces.append(blank)
            pieces.append(frame)
            if len(frame) & 1:  # words must lie on even places; the extra byte is dropped again below
                pieces.append(b"\0")
        data = np.frombuffer(bytearray(b"".join(pieces)), dtype=np.uint8)
        ends = np.cumsum(16 + lengths + odd)
        starts = ends - lengths - odd
        fill(data, starts)
        records = np.empty(len(order), dtype=_RECORD)
        records["second"], records["micro"] = np.divmod(times[order], 1_000_000)
        records["kept"] = records["length"] = lengths
        data[(starts - 16)[:, None] + np.arange(16)] = records.view(np.uint8).reshape(-1, 16)
        keep = np.ones(len(data), dtype=bool)
        keep[ends[odd == 1] - 1] = False
        kept = data[keep]
        self._file.write(kept.tobytes())
        self.packets += len(order)
        self.bytes += len(kept)
