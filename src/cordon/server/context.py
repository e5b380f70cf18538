"""What all pages and calls of one running server share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cordon.config import Config
from cordon.server.access import Gate
from cordon.server.live import Hub
from cordon.server.worker import Worker
from cordon.store import NoStateError, Store


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
    capture_limit: int = 2_000_000_000  # bytes a capture that comes over HTTP may have
    _store: Store | None = field(default=None, repr=False)

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
