"""What the stage remembers between steps."""

from dataclasses import dataclass, field

from cordon.devices.behaviour import Votes
from cordon.model.device import Device, Evidence


def key(segment: str, endpoint: str) -> str:
    """Where an endpoint or address stands in the tables of `State`: addresses overlap between segments."""
    return f"{segment}|{endpoint}"


@dataclass(frozen=True, slots=True)
class Owner:
    """The MAC address an IP address belongs to.

    ``sure`` when it claimed the address (ARP, DHCP, neighbour discovery), not only sent from it. Times are steps.
    """

    mac: str
    sure: bool
    since: int
    last: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name a device gave itself; the lowest rank is the best source."""

    rank: int
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that is remembered of one device."""

    id: str
    segment: str
    first_seen: int
    endpoints: tuple[str, ...]  # keys, in the order of their first sight
    names: tuple[Name, ...] = ()
    claims: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)  # by attribute
    foreign: tuple[str, ...] = ()  # networks and others' addresses it sent from, until it counts as a gateway
    is_gateway: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The stage's memory; ``State()`` is the start. Never changed in place."""

    devices: dict[str, Known] = field(default_factory=dict)  # by device id
    endpoints: dict[str, str] = field(default_factory=dict)  # key of endpoint → device id
    owners: dict[str, Owner] = field(default_factory=dict)  # key of IP address → its owner
    behind: dict[str, int] = field(default_factory=dict)  # key of private address beyond a gateway → first step
    uuids: dict[str, str] = field(default_factory=dict)  # UUID that embeds a MAC address → key of that endpoint
    seen: dict[str, int] = field(default_factory=dict)  # key of MAC address → last step it was heard in
    facts: dict[str, Device] = field(default_factory=dict)  # by device id: what was said last
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)  # key of endpoint and field → values taken in
    votes: dict[str, Votes] = field(default_factory=dict)  # key of MAC address → what its first packets speak for
