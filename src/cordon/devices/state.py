"""What the stage remembers between steps."""

from dataclasses import dataclass, field
from typing import Any

from cordon.devices.behaviour import Votes
from cordon.devices.clones import Face
from cordon.devices.fingerprint import ATTRIBUTES
from cordon.devices.groups import Link
from cordon.model.device import Evidence
from cordon.model.ids import derive


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


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a device last: by its digest whether anything changed since, by its answers what."""

    digest: str
    answers: dict[str, tuple[str, int]]  # attribute → value and confidence
    macs: int  # how many it had


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
    last: dict[str, Told] = field(default_factory=dict)  # by device id
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)  # key of endpoint and field → values taken in
    votes: dict[str, Votes] = field(default_factory=dict)  # key of MAC address → what its first packets speak for
    clock: int = 0  # µs, the end of the last window

    @staticmethod
    def upgraded(plain: dict[str, Any]) -> dict[str, Any]:
        """Version 0.1.0 kept evidence by device; what devices with several endpoints said stays with the first."""
        if "devices" not in plain:
            return plain
        parts: dict[str, Any] = {}
        members: dict[str, list[str]] = {}
        links: dict[str, list[dict[str, Any]]] = {}
        gateways = []
        for id, device in plain["devices"].items():
            site = plain["facts"].get(id, {}).get("site", "")
            natives = [id, *(derive("device", site, *place.split("|", 1)) for place in device["endpoints"][1:])]
            for at, (native, place) in enumerate(zip(natives, device["endpoints"], strict=False)):
                met = plain["devices"].get(native, device)["first_seen"]
                said = device if at == 0 else {"names": [], "claims": {}, "foreign": [], "is_gateway": False}
                kept = {name: said[name] for name in ("names", "claims", "foreign", "is_gateway")}
                parts[native] = kept | {"id": native, "segment": device["segment"], "first_seen": met, "place": place}
                gateways += [place] if device["is_gateway"] else []
                if at:
                    reason = {"field": "ssdp.usn", "value": "", "time": met}
                    links.setdefault(id, []).append(reason | {"other": native})
                    links.setdefault(native, []).append(reason | {"other": id})
            if len(device["endpoints"]) > 1:
                members[id] = natives
        rest = {name: value for name, value in plain.items() if name not in {"devices", "uuids", "facts"}}
        last = {
            id: {
                "digest": "",
                "answers": {name: [fact[name]["value"], fact[name]["confidence"]] for name in ATTRIBUTES},
                "macs": len(fact["macs"]),
            }
            for id, fact in plain["facts"].items()
        }
        return rest | {"parts": parts, "members": members, "links": links, "gateways": sorted(gateways), "last": last}
