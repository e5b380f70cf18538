"""The lock that keeps a state to one writer; it says who that is, and goes with its process."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO

from cordon.store.errors import StateError


class WriterLock:
    """Held until `release`, or until the process ends."""

    def __init__(self, folder: Path, what: str) -> None:
        """Takes the lock.

        Raises:
            StateError: somebody else has it (the message says who), or the folder cannot be written to.
        """
        path = folder / "writer.lock"
        try:
            self._file: IO[str] = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise StateError(
                f"{folder} cannot be written to ({error.strerror}); make it yours, or choose another with --state."
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _holder(self._file)
            self._file.close()
            raise StateError(
                f"{folder} is in use by {holder}; wait until it is done, stop it, or use another folder with --state."
            ) from None
        self._file.truncate(0)
        self._file.write(json.dumps({"pid": os.getpid(), "what": what}))
        self._file.flush()

    def release(self) -> None:
        """Lets the next writer in."""
        self._file.close()


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        told = json.loads(file.read())
        return f"{told['what']} (process {told['pid']})"
    except (ValueError, KeyError, TypeError):
        return "another writer"
