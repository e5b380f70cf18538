"""Several sources that have no end, as one stream of windows: interfaces and flow export, side by side."""

import queue
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import polars as pl

from cordon.model.tables import TABLES
from cordon.model.window import Window
from cordon.sources.errors import SourceError

WAITING: Final = 4
"""Windows of one source that may wait to be taken; beyond, the source itself holds back, and counts what it misses."""

PATIENCE: Final = 1.0  # seconds between two signs of life


class Endless(Protocol):
    """What goes on until it is stopped, as `InterfaceSource` and `FlowExportSource`."""

    kind: str
    site: str
    segment: str

    def __iter__(self) -> Iterator[Window]: ...
    @property
    def label(self) -> str:
        """What people call it."""

    def stop(self) -> None:
        """Ends the windows soon."""

    def stats(self) -> dict[str, int]:
        """Counters so far."""

    def damaged(self) -> dict[str, int]:
        """Damage so far."""


@dataclass(slots=True)
class _Lane:
    """What came of one source and was not handed on yet."""

    source: Endless
    held: deque[Window] = field(default_factory=deque)
    ends: list[int] = field(default_factory=list)  # of the held windows, rising
    is_over: bool = False
    failed: bool = False


class SeveralSources:
    """The windows of all sources, joined where all of them have reached the same time.

    The slowest sets the pace: beside flow export, which waits for late records, packets are told as late as it is.
    One that ends, or fails, leaves the others going on; the stream ends with the last of them.
    """

    prints: tuple[str, ...] = ()

    def __init__(self, sources: Sequence[Endless], alive: Callable[[], None] = lambda: None) -> None:
        """`alive` is called about each second, by the thread that takes the windows."""
        self.parts = tuple(sources)
        self.segment = sources[0].segment
        self.kind = sources[0].kind
        self._alive = alive
        self._lanes = [_Lane(source) for source in sources]
        self._came: queue.Queue[tuple[_Lane, Window | None]] = queue.Queue(WAITING * len(sources))

    def __iter__(self) -> Iterator[Window]:
        """The windows, oldest first; ends some time after `stop`, when all has come.

        Raises:
            SourceError: one of them broke, which is more than it can say itself; the others are stopped then.
        """
        threads = [
            threading.Thread(target=self._gather, args=(lane,), name=lane.source.label, daemon=True)
            for lane in self._lanes
        ]
        for thread in threads:
            thread.start()
        try:
            while not all(lane.is_over for lane in self._lanes):
                self._alive()
                self._take()
                yield from self._ready()
            yield from self._join(max((lane.ends[-1] for lane in self._lanes if lane.ends), default=0))
        finally:
            self.stop()

    def _take(self) -> None:
        """Waits a while for the next window of any source."""
        try:
            lane, window = self._came.get(timeout=PATIENCE)
        except queue.Empty:
            return
        if window is not None:
            lane.held.append(window)
            lane.ends.append(window.end)
        elif lane.failed:
            raise SourceError(f"Watching {lane.source.label} broke off; the log says why.")
        else:
            lane.is_over = True

    def stop(self) -> None:
        """Ends the windows soon; safe to call from a signal handler or another thread."""
        for source in self.parts:
            source.stop()

    def _gather(self, lane: _Lane) -> None:
        lane.failed = True  # until it has come to its end; what it raised goes to the log
        try:
            for window in lane.source:
                self._came.put((lane, window))
            lane.failed = False
        finally:
            self._came.put((lane, None))

    def _ready(self) -> Iterator[Window]:
        """What all sources that go on have told to the same time."""
        going = [set(lane.ends) for lane in self._lanes if not lane.is_over]
        ended = [lane.ends for lane in self._lanes if lane.is_over and lane.ends]
        common = set.intersection(*going) if going else set()
        whole = [time for time in common if all(time in ends or time > ends[-1] for ends in ended)]
        if whole:
            yield from self._join(max(whole))

    def _join(self, end: int) -> Iterator[Window]:
        """All that is held and ends by then, as one window."""
        taken: list[Window] = []
        for lane in self._lanes:
            while lane.held and lane.held[0].end <= end:
                taken.append(lane.held.popleft())
                del lane.ends[0]
        if not taken:
            return
        tables = {
            name: pl.concat([window.tables[name] for window in taken if name in window.tables])
            for name in TABLES
            if any(name in window.tables for window in taken)
        }
        yield Window(taken[0].site, min(window.begin for window in taken), end, tables)

    @property
    def label(self) -> str:
        """What people call them."""
        return ", ".join(source.label for source in self.parts)

    def progress(self) -> tuple[int, int]:
        """Bytes seen so far, and 0: nobody knows how many come."""
        return self.stats()["bytes"], 0

    def stats(self) -> dict[str, int]:
        """Counters so far, of all together; `first` is the earliest, `last` the latest."""
        each = [source.stats() for source in self.parts]
        sums: Counter[str] = Counter()
        for stats in each:
            sums.update(stats)
        firsts = [stats["first"] for stats in each if stats["first"]]
        return dict(sums) | {"first": min(firsts, default=0), "last": max(stats["last"] for stats in each)}

    def damaged(self) -> dict[str, int]:
        """Damage so far, of all together."""
        sums: Counter[str] = Counter()
        for source in self.parts:
            sums.update(source.damaged())
        return dict(sorted(sums.items()))
