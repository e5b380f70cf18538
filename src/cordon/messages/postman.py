"""Sees to it that each incident is told once on each channel, and tried again until it was."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from cordon.messages.channel import Channel
from cordon.messages.message import compose
from cordon.messages.troubles import Refused, Undelivered
from cordon.store import StateError, Store, Untold

log = structlog.get_logger()

SECOND: Final = 1_000_000
FIRST_PAUSE: Final = 30 * SECOND
LONGEST_PAUSE: Final = 3600 * SECOND
PATIENCE: Final = 3 * 24 * 3600 * SECOND
"""How long a message is tried; then it is given up, which is shown."""
LOOKS_EVERY: Final = 2.0  # seconds


def pause(tries: int) -> int:
    """µs until the next try, after so many in vain: twice as long each time."""
    return min(FIRST_PAUSE << min(tries - 1, 20), LONGEST_PAUSE)


class Postman:
    """Tells the incidents of a state on some channels, from a thread of its own.

    Args:
        store: open for writing.
        channels: the ways out.
        clock: the wall clock, µs since the epoch.
    """

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._store = store
        self._channels = tuple(channels)
        self._clock = clock
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begins; what happened before a channel was there is not told on it."""
        for channel in self._channels:
            self._store.begin_telling(channel.name, self._clock())
        if self._channels:
            self._thread.start()

    def stop(self) -> None:
        """Ends after the message that is on its way; what waits is told the next time."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> int:
        """Tells all that is due now, each channel until one message is not taken; says how many were."""
        return sum(self._tell(channel) for channel in self._channels)

    def _run(self) -> None:
        while not self._ended.wait(LOOKS_EVERY):
            try:
                self.look()
            except StateError as error:  # the disk is full, say: it is told again when there is room
                log.error("messages wait", reason=str(error))

    def _tell(self, channel: Channel) -> int:
        taken = 0
        for untold in self._store.untold(channel.name, channel.least, self._clock()):
            if self._ended.is_set():
                break
            names = self._store.device_names(untold.incident.devices)
            try:
                channel.send(compose(untold.incident, names, self._store.is_demo))
            except Undelivered as error:
                self._failed(channel, untold, error)
                if not isinstance(error, Refused):
                    break  # the others would fare the same
            else:
                self._store.told(channel.name, untold.incident.id, self._clock())
                taken += 1
        return taken

    def _failed(self, channel: Channel, untold: Untold, error: Undelivered) -> None:
        now = self._clock()
        gives_up = isinstance(error, Refused) or now - (untold.since or now) > PATIENCE
        due = 0 if gives_up else now + pause(untold.tries + 1)
        log.warning("message not taken", channel=channel.name, incident=untold.incident.id, reason=str(error), due=due)
        self._store.not_told(channel.name, untold, now, due, str(error))
