"""Writes the mix: slice by slice, frames are copied from the stock, their holes filled, their checksums summed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordon.lab.mix.draw import Bytes, Draw, Numbers
from cordon.lab.mix.household import household
from cordon.lab.mix.plan import RATE, Pending, Plan
from cordon.lab.mix.stock import Stock, stocked
from cordon.lab.wire.pcap import AT_ONCE, HEADER, RECORD, sealed

LEAST: Final = 1_000
MOST: Final = 50_000_000
START: Final = 1_772_445_600_000_000
"""Monday, 2 March 2026, 10:00 UTC, in µs."""

_SLICE: Final = 10 * RATE  # packets planned at once


@dataclass(frozen=True, slots=True)
class Mix:
    """What was written."""

    packets: int
    conversations: int
    bytes: int


def write_mix(
    out: Path, *, packets: int = 3_000_000, seed: int = 1, progress: Callable[[float], None] | None = None
) -> Mix:
    """Writes a capture of at least `packets` packets, about 2,000 a second; the same arguments give the same bytes.

    Memory stays the same however many there are. `progress` is told the share done, 0 to 1.

    Raises:
        ValueError: `packets` is out of its range; one sentence says what to choose.
        OSError: the file cannot be written.
    """
    if not LEAST <= packets <= MOST:
        raise ValueError(f"packets is {packets}: choose a number from {LEAST:,} to {MOST:,}")
    written = 0
    with out.open("wb") as file:
        size = file.write(HEADER)
        stock, draw = stocked(seed), Draw(seed)
        plan, pending = Plan(stock, household(seed, draw), draw), Pending()
        for planned in range(0, packets, _SLICE):
            step = min(_SLICE, packets - planned)
            plan.begin(_moment(planned), step, pending)
            until = _moment(planned + step) if planned + step < packets else None
            for times, frames, talks in pending.take(until, AT_ONCE):
                size += file.write(_filled(stock, times, frames, talks))
                written += len(times)
            if progress is not None:
                progress((planned + step) / packets)
    return Mix(written, plan.begun, size)


def _moment(planned: int) -> int:
    return START + planned * 1_000_000 // RATE


def _filled(stock: Stock, times: Numbers, frames: Numbers, talks: NDArray[np.void]) -> bytes:
    """Copies of frames of the stock with their records, one for each talk in `talks`."""
    data = np.frombuffer(bytearray(b"".join([stock.blobs[frame] for frame in frames.tolist()])), np.uint8)
    lengths = stock.lengths[frames]
    places = RECORD.itemsize + lengths + (lengths & 1)
    starts = np.cumsum(places) - places + RECORD.itemsize
    for hole in stock.holes:
        at = hole.at[frames]
        rows = np.flatnonzero(at >= 0)
        _put(data, starts[rows] + at[rows], talks[hole.field][rows])
    _count(data, starts, stock, frames, talks)
    return sealed(data, starts, lengths, times)


def _count(data: Bytes, starts: Numbers, stock: Stock, frames: Numbers, talks: NDArray[np.void]) -> None:
    """Moves IP identifications and TCP numbers on, so that copies of a conversation differ in them."""
    four = np.flatnonzero(stock.four[frames])
    at = starts[four] + 18
    ident = (data[at].astype(np.uint16) << 8 | data[at + 1]) + talks["ident"][four]
    _put(data, at, ident.astype(">u2").view(np.uint8).reshape(-1, 2))
    ours = stock.from_client[frames]
    mine = np.where(ours, talks["client_first"], talks["server_first"])
    theirs = np.where(ours, talks["server_first"], talks["client_first"])
    for chosen, counts, first, offset in (
        (stock.tcp, stock.sequence, mine, 38),
        (stock.acknowledges, stock.acknowledged, theirs, 42),
    ):
        rows = np.flatnonzero(chosen[frames])
        moved = counts[frames[rows]] + first[rows]  # wraps as sequence numbers do
        _put(data, starts[rows] + offset, moved.astype(">u4").view(np.uint8).reshape(-1, 4))


def _put(data: Bytes, at: Numbers, values: Bytes) -> None:
    data[at[:, None] + np.arange(values.shape[1])] = values
