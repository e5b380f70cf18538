"""What all pages and calls of one running server share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from cordon.config import Config
from cordon.messages import Channel
from cordon.server.access import Gate
from cordon.server.live import Hub
from cordon.server.worker import Worker
from cordon.store import NoStateError, Store

Value = TypeVar("Value")
MOST_KEPT: Final = 64


class Kept:
    """What was summed up for a page, as long as the state stands as it stood; at most `MOST_KEPT` of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stood: tuple[tuple[int, int], ...] = ()
        self._values: dict[str, object] = {}

    def get(self, store: Store, key: str, make: Callable[[], Value]) -> Value:
        """The value of that key, made when it is not there or the record was written to since."""
        stands = _stands(store.folder)
        with self._lock:
            if stands != self._stood:
                self._stood = stands
                self._values.clear()
            if key in self._values:
                return self._values[key]  # type: ignore[return-value]  # a key stands for one kind of value
        value = make()
        with self._lock:
            if stands == self._stood:
                while len(self._values) >= MOST_KEPT:
                    del self._values[next(iter(self._values))]
                self._values[key] = value
        return value

    def seen(self, store: Store, key: str) -> object | None:
        """The value of that key if it is there and still true."""
        with self._lock:
            return self._values.get(key) if _stands(store.folder) == self._stood else None

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._values.clear()


def _stands(folder: Path) -> tuple[tuple[int, int], ...]:
    """Every write to the record changes its file or its log."""
    files = []
    for name in ("record.sqlite", "record.sqlite-wal"):
        try:
            found = (folder / name).stat()
        except FileNotFoundError:
            files.append((0, 0))
        else:
            files.append((found.st_mtime_ns, found.st_size))
    return tuple(files)


@dataclass(slots=True)
class Context:
    """One running server over one state. Pages read through `store`, beside the one writer."""

    folder: Path
    config: Config
    gate: Gate
    hub: Hub
    demo: bool = False
    worker: Worker | None = None
    stopping: threading.Event = field(default_factory=threading.Event)  # set when reading should end soon
    restart: Callable[[], None] | None = None  # begins the demo's story anew
    channels: tuple[Channel, ...] = ()  # on which people are told of incidents
    kept: Kept = field(default_factory=Kept, repr=False)
    _store: Store | None = field(default=None, repr=False)

    @property
    def capture_limit(self) -> int:
        """How many bytes the captures that come over HTTP at once may have."""
        return self.config.capture_megabytes * 1_000_000

    @property
    def store(self) -> Store | None:
        """The state, for reading; None while nothing is recorded.

        Raises:
            StateError: it is there but cannot be read.
        """
        if self._store is None:
            try:
                self._store = Store.open(self.folder)
            except NoStateError:
                return None
        return self._store

    def forget(self) -> None:
        """Closes the state; the next reading opens it anew."""
        if self._store is not None:
            self._store.close()
            self._store = None
        self.kept.clear()
