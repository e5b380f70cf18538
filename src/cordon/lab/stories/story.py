"""The contract of a story: what it does on the network, and what it writes down as to be found."""

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
    begins: int
    ends: int
    says: str


@dataclass(slots=True)
class Allowed:
    """A finding that may be there although nothing bad happens."""

    what: str
    device: Station
    says: str


@dataclass(slots=True)
class Plot:
    """What a story will have done when the capture is finished."""

    steps: list[Step] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)
    roles: dict[bytes, str] = field(default_factory=dict)  # by MAC


class Story(Protocol):
    """A story is told on a populated network."""

    name: str
    lead: int  # µs of quiet it needs before it begins
    length: int  # µs from its begin to the end of the capture, at least

    def tell(self, lan: Lan, begin: int) -> Plot:
        """Starts what happens from `begin` on; the plot is complete once the network has run."""
        ...
