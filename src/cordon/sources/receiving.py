"""What sources have in common that receive from the network: windows by the clock, until they are stopped."""

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Final, Protocol, Self

from cordon.model.tables import STEP
from cordon.model.window import Window
from cordon.sources.damage import Damage

_WAIT: Final = 0.25  # seconds between two looks at the clock


def wall_clock() -> int:
    """Now, in µs since the epoch."""
    return time.time_ns() // 1000


class Listening(Protocol):
    """Who fills `held` with what comes, in threads of its own."""

    held: queue.Queue[Any]

    def start(self) -> None:
        """Begins to listen."""

    def close(self) -> None:
        """Ends at once and gives the address back."""


class Receiving(ABC):
    """A source that yields windows as their time comes, `grace` (µs) after their end, until `stop` is called."""

    prints: tuple[str, ...] = ()

    def __init__(
        self, listener: Listening, *, site: str, window: int, segment: str, grace: int, clock: Callable[[], int]
    ) -> None:
        self.site, self.segment = site, segment
        self._window, self._grace, self._clock = max(window, STEP), grace, clock
        self._damage = Damage()
        self._stopping = threading.Event()
        self._begin = clock() // self._window * self._window
        self._stats = dict.fromkeys(("packets", "bytes", "flows", "evicted", "first", "last"), 0)
        self._listening = listener

    @abstractmethod
    def _received(self, one: Any) -> None:
        """Takes one thing that has come."""

    @abstractmethod
    def _count_losses(self) -> None:
        """Counts as damage what the listener had to let go."""

    @abstractmethod
    def _close(self, begin: int) -> Window:
        """The window that begins then, with all that is known of it."""

    @abstractmethod
    def _rest(self, begin: int) -> Iterator[Window]:
        """The windows of what is left at the end, from `begin` on."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends at once and gives the address back; what was not taken yet is lost."""
        self._listening.close()

    def stop(self) -> None:
        """Ends the windows after what was received so far."""
        self._stopping.set()

    def __iter__(self) -> Iterator[Window]:
        """The windows as their time comes; after `stop` those that were still open."""
        self._listening.start()
        begin = self._begin
        try:
            while not self._stopping.is_set():
                self._take(_WAIT)
                while self._clock() >= begin + self._window + self._grace:
                    yield self._close(begin)
                    begin += self._window
            self._take(0.0)
            yield from self._rest(begin)
        finally:
            self._listening.close()

    def _take(self, seconds: float) -> None:
        """Takes what has come, and waits for it so long at most."""
        until = time.monotonic() + seconds
        while True:
            try:
                one = self._listening.held.get(timeout=max(0.0, until - time.monotonic()) or 0.001)
            except queue.Empty:
                break
            self._received(one)
            if time.monotonic() >= until and self._listening.held.empty():
                break
        self._count_losses()

    def progress(self) -> tuple[int, int]:
        """How far it is cannot be said of what goes on: 0 of 0."""
        return 0, 0

    def stats(self) -> dict[str, int]:
        """Counters so far: packets (messages), bytes, flows, evicted, first, last (µs)."""
        return dict(self._stats)

    def damaged(self) -> dict[str, int]:
        """Damage so far, kind → count."""
        return self._damage.counts()
