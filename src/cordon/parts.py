"""The registry of declared parts: what is shipped, and what installed packages add through entry points.

A part is one small file that declares itself: an id equal to its file's name, a docstring that is its page in
the manual, settings with ranges, and a level. Nothing is found by scanning folders.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import entry_points
from typing import Any, ClassVar, TypeVar


class Level(StrEnum):
    """How far a part is known: trial (declares itself, has both cases), sound (a scenario with traffic, false
    alarms measured), proven (cost measured too, on two families of devices)."""

    TRIAL = "trial"
    SOUND = "sound"
    PROVEN = "proven"


@dataclass(frozen=True, slots=True)
class Setting:
    """A number people may change, with the range in which it makes sense."""

    default: int
    says: str
    at_least: int = 0
    at_most: int = 1_000_000_000_000


class Part:
    """What every part declares. Instances carry the chosen settings."""

    id: ClassVar[str]
    level: ClassVar[Level] = Level.TRIAL

    def __init__(self, **chosen: int) -> None:
        self._chosen = {name: setting.default for name, setting in self.settings().items()}
        for name, value in chosen.items():
            setting = self.settings().get(name)
            if setting is None:
                raise ValueError(f"{self.id} has no setting {name}")
            if not setting.at_least <= value <= setting.at_most:
                raise ValueError(f"{self.id}.{name} is {value}; it must be {setting.at_least} to {setting.at_most}")
            self._chosen[name] = value

    def __getitem__(self, name: str) -> int:
        """The chosen value of a setting."""
        return self._chosen[name]

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """All declared settings by name."""
        return {
            name: value
            for ancestor in reversed(cls.__mro__)
            for name, value in vars(ancestor).items()
            if isinstance(value, Setting)
        }


Kind = TypeVar("Kind", bound=Part)


def gather(shipped: Iterable[type[Kind]], group: str) -> tuple[type[Kind], ...]:
    """The shipped parts and those that installed packages offer under the entry point ``cordon.<group>``.

    Raises:
        ValueError: two parts have the same id.
    """
    parts: dict[str, Any] = {}
    added = (entry.load() for entry in sorted(entry_points(group=f"cordon.{group}"), key=lambda e: e.name))
    for part in (*shipped, *added):
        if part.id in parts:
            raise ValueError(f"two parts of {group} are called {part.id}")
        parts[part.id] = part
    return tuple(parts.values())
