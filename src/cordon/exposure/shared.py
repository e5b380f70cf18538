"""What several devices have in common that each should have for itself: a password, a certificate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

MOST: Final = 20_000
"""Things that are remembered; what comes beyond them is not compared."""

_MARK: Final = 10
"""Hex digits that are kept of a digest: enough to tell things apart, of no use to anybody else."""


class Shared:
    """A working copy of what is known: of each device and thing about it the latest digest.

    Rows are told in the order of their steps, so that it does not matter how many come at once.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = dict(known)
        self._holders: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for key, mark in self.known.items():
            check, device, about = key.split("|", 2)
            self._holders[check, mark].add((device, about))

    def holders(self, check: str, device: str, about: str, digest: str) -> tuple[tuple[str, str], ...]:
        """Takes in what a device has there, and says which devices and things have the same now, this one included."""
        mark, key = digest[:_MARK], f"{check}|{device}|{about}"
        before = self.known.get(key)
        if before is None and len(self.known) >= MOST:
            return ((device, about),)
        if before is not None and before != mark:
            self._holders[check, before].discard((device, about))
        self.known[key] = mark
        self._holders[check, mark].add((device, about))
        return tuple(sorted(self._holders[check, mark]))

    def best(self, check: str, device: str, about: str, value: str) -> str:
        """Takes in how well a device did there, and gives the most it was ever seen to do; values sort as texts."""
        key = f"{check}|{device}|{about}"
        before = self.known.get(key, "")
        if value > before and (before or len(self.known) < MOST):
            self.known[key] = value
        return max(before, value)

    def forget(self, devices: Iterable[str]) -> None:
        """Devices that are part of others now have nothing of their own."""
        gone = set(devices)
        for key in [key for key in self.known if key.split("|", 2)[1] in gone]:
            check, device, about = key.split("|", 2)
            self._holders[check, self.known.pop(key)].discard((device, about))
