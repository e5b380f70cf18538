"""What the stage remembers between steps."""

from dataclasses import dataclass, field

from cordon.devices.behaviour import Votes
from cordon.devices.clones import Face
from cordon.devices.groups import Link
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
    """All that is remembered of one endpoint."""

    id: str  # the id of the device it is by itself
    segment: str
    first_seen: int
    place: str  # its key
    names: tuple[Name, ...] = ()
    claims: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)  # by attribute
    foreign: tuple[str, ...] = ()  # networks and others' addresses it sent from, until it counts as a gateway
    is_gateway: bool = False
    since: int = 0  # µs, since when it is of the device it is of; 0: ever
    voices: tuple[str, ...] = ()  # `address=name` of those that speak from it, until it answers for them


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The stage's memory; ``State()`` is the start. Never changed in place."""

    parts: dict[str, Known] = field(default_factory=dict)  # by the id that an endpoint has by itself
    endpoints: dict[str, str] = field(default_factory=dict)  # key of endpoint → device id
    gateways: tuple[str, ...] = ()  # keys of endpoints of devices that forward for others
    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)  # as `Groups` keeps them
    apart: tuple[str, ...] = ()
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what stays with a device → endpoints that said it
    told: dict[str, str] = field(default_factory=dict)  # device id → the kind that a person says it is of
    owners: dict[str, Owner] = field(default_factory=dict)  # key of IP address → its owner
    behind: dict[str, int] = field(default_factory=dict)  # key of private address beyond a gateway → first step
    uuids: dict[str, str] = field(default_factory=dict)  # key of an endpoint named in a UUID → `who named it|the UUID`
    seen: dict[str, int] = field(default_factory=dict)  # key of MAC address → last step it was heard in
    pauses: dict[str, tuple[int, ...]] = field(default_factory=dict)  # key of MAC address → as `silences` counts them
    faces: dict[str, Face] = field(default_factory=dict)  # key of MAC address and field → how it presents itself
    facts: dict[str, Device] = field(default_factory=dict)  # by device id: what was said last
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)  # key of endpoint and field → values taken in
    votes: dict[str, Votes] = field(default_factory=dict)  # key of MAC address → what its first packets speak for
    clock: int = 0  # µs, the end of the last window
