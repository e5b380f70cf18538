"""What the service manager is told of us: the protocol of sd_notify(3), one datagram for each message."""

import os
import socket
import time
from contextlib import suppress
from typing import Final

OFTEN: Final = 5.0  # seconds between two signs of life, at most


class Supervisor:
    """The service manager that started us, or nobody: then nothing is told.

    It is found by ``$NOTIFY_SOCKET``, which is taken out of the environment, so that no child speaks in our name.
    """

    def __init__(self) -> None:
        place = os.environ.pop("NOTIFY_SOCKET", "")
        self._place = "\0" + place[1:] if place.startswith("@") else place
        self._alive = 0.0

    def ready(self, status: str) -> None:
        """All that was to be started is; `status` is shown to people."""
        self._tell(f"READY=1\nSTATUS={status}")

    def alive(self) -> None:
        """A sign of life of the thread that does the work; without any, the manager starts us anew."""
        now = time.monotonic()
        if now - self._alive >= OFTEN:
            self._alive = now
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """We end, and save what we know."""
        self._tell("STOPPING=1\nSTATUS=Ending; what was seen is kept.")

    def _tell(self, text: str) -> None:
        if not self._place:
            return
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out,
        ):  # one that is gone hears nothing
            out.sendto(text.encode(), self._place)
