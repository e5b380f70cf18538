"""The contract of a story: what it does on the network, and what it writes down as to be found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cordon.lab.lan import Lan
from cordon.lab.station import Station


@dataclass(slots=True)
class Step:
    """Something a story did: `what` says the kind of behaviour; times in µs."""

    id: str
    what: str
    device: Station
    says: str
    begins: int = 0
    ends: int = 0


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that may be there although nothing bad happens."""

    what: str
    device: Station
    says: str


@dataclass(slots=True)
class Plot:
    """What a story will have done once the network has run."""

    steps: list[Step] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)
    roles: dict[bytes, str] = field(default_factory=dict)  # by MAC

    def add(self, lan: Lan, time: int, step: Step, steps: Iterator[int]) -> None:
        """Lets `steps` act from `time` on, and notes in `step` when it began and ended."""
        lan.start(time, self._noted(lan, step, steps))

    def _noted(self, lan: Lan, step: Step, steps: Iterator[int]) -> Iterator[int]:
        step.begins = step.ends = lan.now
        self.steps.append(step)
        for again in steps:
            step.ends = min(again, lan.end)
            yield again
        step.ends = max(step.ends, lan.now)


class Story(Protocol):
    """A story is told on a populated network."""

    @property
    def name(self) -> str: ...
    @property
    def lead(self) -> int:
        """Quiet it needs before it begins, µs."""
        ...

    @property
    def length(self) -> int:
        """From its begin to the end of the capture, at least, µs."""
        ...

    def tell(self, lan: Lan, begin: int) -> Plot:
        """Starts what happens from `begin` on; the plot is complete once the network has run."""
        ...
