"""Where a message ends and the next begins in a stream (RFC 6587): counted octets, or a line each. Opens no socket."""

import re
from typing import Final

MOST: Final = 8192
"""Octets of a message; of a longer one the beginning is kept, and what follows is passed over."""

_COUNT: Final = re.compile(rb"([1-9]\d{0,8}) ")


class Frames:
    """Takes the pieces of a stream as they come and hands out whole messages; never holds more than `MOST`."""

    def __init__(self) -> None:
        self._held = b""
        self._skip = 0  # octets of a counted message that was too long
        self._skips_line = False
        self.cut = 0  # messages that were too long

    def feed(self, piece: bytes) -> list[bytes]:
        """The messages that are complete with this piece."""
        self._held += piece
        found: list[bytes] = []
        while self._held:
            if self._skip:
                taken = min(self._skip, len(self._held))
                self._held, self._skip = self._held[taken:], self._skip - taken
            elif not self._one(found):
                break
        return [message for message in found if message.strip(b"\r\n\0 ")]

    def end(self) -> list[bytes]:
        """What was begun when the stream ended, as a message."""
        rest, self._held = self._held, b""
        return [rest] if rest.strip(b"\r\n\0 ") and not self._skips_line and not _COUNT.match(rest) else []

    def _one(self, found: list[bytes]) -> bool:
        """Takes the next message out of what is held; whether there was a whole one."""
        counted = None if self._skips_line else _COUNT.match(self._held)
        if counted:
            begin, length = counted.end(), int(counted[1])
            if len(self._held) - begin >= min(length, MOST):
                found.append(self._held[begin : begin + min(length, MOST)])
                self._held = self._held[begin + min(length, MOST) :]
                self._skip = max(0, length - MOST)
                self.cut += self._skip > 0
                return True
            return False
        if self._held[:1].isdigit() and len(self._held) < 11 and not self._skips_line and b"\n" not in self._held:
            return False  # the count itself is not whole yet
        line, newline, after = self._held.partition(b"\n")
        if newline:
            if not self._skips_line:
                found.append(line[:MOST])
                self.cut += len(line) > MOST
            self._held, self._skips_line = after, False
            return True
        if self._skips_line:
            self._held = b""
        elif len(self._held) > MOST:
            found.append(self._held[:MOST])
            self._held, self._skips_line = b"", True
            self.cut += 1
        return False
