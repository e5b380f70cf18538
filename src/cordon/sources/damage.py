"""Damage in what is read: counted by kind, with the place where each kind was met first."""

from typing import Final

MOST_KINDS: Final = 64


class Damage:
    """Counts what could not be read. Kinds are few; a log that is damaged in ever new ways counts as one kind."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, str]] = {}

    def add(self, kind: str, place: str = "", count: int = 1) -> None:
        """Counts damage of a kind; `place` is where it was met, such as ``conn.log:17``."""
        if count <= 0:
            return
        if kind not in self._found and len(self._found) >= MOST_KINDS:
            kind, place = "other damage", ""
        before, first = self._found.get(kind, (0, place))
        self._found[kind] = (before + count, first)

    def counts(self) -> dict[str, int]:
        """Kind → count, sorted; each kind names its first place."""
        return {
            kind + (f" (first at {place})" if place else ""): count
            for kind, (count, place) in sorted(self._found.items())
        }
