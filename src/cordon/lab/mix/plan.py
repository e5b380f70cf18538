"""Which conversations begin when, and which of their frames are due."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordon.lab.mix.draw import Draw, Numbers
from cordon.lab.mix.families import FAMILIES
from cordon.lab.mix.household import TALK, Household
from cordon.lab.mix.stock import Stock

RATE: Final = 2_000
"""Packets of the conversations that begin in a second."""

_SECOND: Final = 1_000_000


def _none() -> Numbers:
    return np.zeros(0, np.int64)


@dataclass(slots=True)
class Pending:
    """Frames not yet written: when, which frame of the stock, and the row of `talks` that fills its holes."""

    times: Numbers = field(default_factory=_none)
    frames: Numbers = field(default_factory=_none)
    owners: Numbers = field(default_factory=_none)
    talks: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, TALK))

    def add(self, times: Numbers, frames: Numbers, owners: Numbers, talks: NDArray[np.void]) -> None:
        """More frames, whose `owners` count within `talks`."""
        self.owners = np.concatenate([self.owners, owners + len(self.talks)])
        self.times = np.concatenate([self.times, times])
        self.frames = np.concatenate([self.frames, frames])
        self.talks = np.concatenate([self.talks, talks])

    def take(self, until: int | None, at_once: int) -> Iterator[tuple[Numbers, Numbers, NDArray[np.void]]]:
        """Times, frames and talks of what is due before `until` (µs), or all, in order; the rest stays."""
        order = np.argsort(self.times, kind="stable")
        due = len(order) if until is None else int(np.searchsorted(self.times[order], until))
        for begin in range(0, due, at_once):
            rows = order[begin : min(begin + at_once, due)]
            yield self.times[rows], self.frames[rows], self.talks[self.owners[rows]]
        left = order[due:]
        kept, self.owners = np.unique(self.owners[left], return_inverse=True)
        self.times, self.frames, self.talks = self.times[left], self.frames[left], self.talks[kept]


class Plan:
    """Begins conversations so that each family keeps its share of the packets."""

    def __init__(self, stock: Stock, home: Household, draw: Draw) -> None:
        self._stock, self._home, self._draw = stock, home, draw
        self._credit = [0] * len(FAMILIES)  # thousandths of packets each may still begin
        self.begun = 0

    def begin(self, now: int, packets: int, pending: Pending) -> None:
        """Begins conversations of `packets` packets or a few more, spread evenly over their time from `now` (µs)."""
        for number, family in enumerate(FAMILIES):
            self._credit[number] += family.share * packets
            chosen = self._chosen(number)
            talks = self._home.talks(family.where, len(chosen), self.begun, self._draw)
            self.begun += len(chosen)
            starts = now + self._draw.below(packets * _SECOND // RATE, len(chosen))
            pending.add(*self._spread(chosen, starts), talks)

    def _chosen(self, number: int) -> Numbers:
        """Templates of one family, as many as its credit pays, the last one on account."""
        family, credit = self._stock.families[number], self._credit[number]
        if credit <= 0:
            return _none()
        most = 1 + credit // (1_000 * int(self._stock.sizes(family).min()))
        chosen = family[self._draw.below(len(family), most)]
        sums = np.cumsum(self._stock.sizes(chosen)) * 1_000
        kept = int(np.searchsorted(sums, credit)) + 1
        self._credit[number] -= int(sums[:kept][-1])
        return chosen[:kept]

    def _spread(self, chosen: Numbers, starts: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Times, frames and owners of all frames of the templates, each copy 10 % faster to 20 % slower."""
        sizes = self._stock.sizes(chosen)
        owners = np.repeat(np.arange(len(chosen)), sizes)
        frames = (self._stock.first[chosen] - np.cumsum(sizes) + sizes)[owners] + np.arange(len(owners))
        pace = 900 + self._draw.below(300, len(chosen))
        return starts[owners] + self._stock.times[frames] * pace[owners] // 1_000, frames, owners
