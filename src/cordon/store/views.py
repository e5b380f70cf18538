"""What the record answers with, and what it can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeVar

from cordon.model.device import Device
from cordon.model.finding import Severity
from cordon.model.trust import Trust
from cordon.store.people import Heard, Said, tags_of

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of the answers, from `offset` on, and how many there are in all."""

    items: tuple[Item, ...]
    total: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """When a device was heard and how much of it was seen; times in µs (0: it was only spoken to), `steps` of 10 s
    in which it spoke.

    The three packet counts tell what of its traffic reaches Cordon: `unicast_out` and `unicast_in` are its
    talk with single peers, `group_packets` what it sent to or got from broadcast and multicast addresses.
    """

    first_seen: int
    last_seen: int
    packets: int
    bytes: int
    steps: int
    unicast_out: int = 0
    unicast_in: int = 0
    group_packets: int = 0


@dataclass(frozen=True, slots=True)
class RhythmCell:
    """One hour of a device; `low` and `high` bound what is usual for this hour, 0 and 0 when not learned yet."""

    hour: int  # µs
    bytes_out: int = 0
    bytes_in: int = 0
    flows: int = 0
    low: int = 0
    high: int = 0
    departed: bool = False


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device with what people want to see beside it."""

    device: Device
    trust: Trust | None
    presence: Presence | None
    findings: int  # in all
    latest_finding: str  # id, or ""
    latest_severity: Severity | None
    worst_severity: Severity | None
    rhythm: tuple[RhythmCell, ...]  # always 24, oldest first; the last one holds the newest event of the record
    told: Mapping[str, Said] = field(default_factory=dict)  # what people say now, by its field
    heard: Mapping[str, Heard] = field(default_factory=dict)  # what imported files say, by its field
    known: str = "seen"  # seen, import (never seen), gone (joined with another)

    def said(self, field: str) -> str:
        """What people say of one field; "" where nobody said anything."""
        return self.told[field].value if field in self.told else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The words it is tagged with."""
        return tags_of(self.said("tags"))


DEVICE_SORTS = (
    "name",
    "vendor",
    "kind",
    "model",
    "os",
    "firmware",
    "ip",
    "mac",
    "segment",
    "trust",
    "band",
    "findings",
    "severity",
    "first_seen",
    "last_seen",
    "packets",
    "bytes",
    "location",
    "owner",
    "zone",
    "criticality",
)
"""What devices can be sorted by. What is not known comes last, whichever way round."""


@dataclass(frozen=True, slots=True)
class DeviceQuery:
    """Which devices, in which order. `text` is looked for in all that is said of a device; the others must be equal;
    "" asks for all, and "unknown" (as in ``kind="unknown"``) for those of which it is not known. `known` asks for
    devices that were ``seen``, for those only an ``import`` speaks of, or for those ``gone`` into another."""

    text: str = ""
    kind: str = ""
    vendor: str = ""
    band: str = ""
    segment: str = ""
    sort: str = "name"
    descending: bool = False
    offset: int = 0
    limit: int | None = 50  # None: all
    location: str = ""
    owner: str = ""
    zone: str = ""
    criticality: str = ""
    tag: str = ""
    known: str = ""  # "": all but those gone


FINDING_SORTS = ("noticed", "began", "severity", "detector", "family", "device")


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Which findings, in which order; times in µs, 0 for no bound. `text` is looked for in what they say."""

    text: str = ""
    device: str = ""
    detector: str = ""
    family: str = ""
    at_least: Severity = Severity.INFO
    since: int = 0
    until: int = 0
    sort: str = "noticed"
    descending: bool = True
    offset: int = 0
    limit: int | None = 50


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that was read: a capture, or an interface so far. `label` is the file's name without its folder."""

    id: str
    name: str  # capture, interface, demo, replay, zeek, suricata, netflow, syslog
    label: str
    segment: str
    begin: int  # event time, µs
    end: int
    packets: int
    bytes: int
    flows: int
    read_at: int  # wall clock, µs: for people only, nothing is judged by it
    damaged: dict[str, int] = field(default_factory=dict)  # kind of damage → count
    prints: tuple[str, ...] = ()  # fingerprints of the files, by which a second reading is noticed


@dataclass(frozen=True, slots=True)
class Totals:
    """The site in numbers. `first` and `last` are event times, µs; 0 when nothing was seen."""

    devices: int
    bands: Mapping[str, int]  # all four bands, and "" for devices without a score
    findings: Mapping[str, int]  # all severities, by their names
    incidents: int
    open_incidents: int
    first: int
    last: int


SEES: Mapping[str, str] = MappingProxyType(
    {
        "packets": "packets: who talks with whom, names, and what is said in clear",
        "logs": "the logs of a sensor: who talks with whom, names, and what the sensor logged of it",
        "messages": "messages of devices: who signs in where, starts and links, but nothing of who talks with whom",
        "flow records": "flow records: who talks with whom and how much, but no names and nothing of what is said",
    }
)
"""What kinds of source tell, best first; `sees_of` says of which kind a source is."""

NEXT: Mapping[str, str] = MappingProxyType(
    {
        "": "nothing: this is close to a full view",
        "anything": "a mirror (SPAN) port of the switch, the logs of a sensor, or the flow export of a router",
        "mirror": "a mirror (SPAN) port of the switch: an ordinary port shows little but what is sent to everybody",
        "both ways": "the mirror port for both directions (rx and tx), or the flow export of the router",
        "missed": "fewer ports of the mirror, more threads or a larger ring: more comes than can be taken in",
        "cut": "whole packets (snaplen 0, tcpdump -s 0): names and logins stand in the part that is cut off",
        "names": "a mirror (SPAN) port, or the logs of a sensor: flow records name nobody and show no passwords",
    }
)
"""What to connect next to see more of a segment, in words."""


def sees_of(name: str) -> str:
    """What a source of that name tells: one of `SEES`."""
    return {"zeek": "logs", "suricata": "logs", "netflow": "flow records", "syslog": "messages"}.get(name, "packets")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What Cordon can see of one segment. Devices fall in three: both ways of their talk with single peers are
    seen, one way only, or nothing but broadcast and multicast."""

    segment: str
    sources: tuple[str, ...]  # labels
    packets: int
    bytes: int
    both_ways: int
    one_way: int
    group_only: int
    damaged: Mapping[str, int]
    sees: tuple[str, ...] = ()  # kinds of what its sources tell, best first; keys of `SEES`
    next: str = ""  # what to connect next, or to put right; a key of `NEXT`
    lost: Mapping[str, int] = field(default_factory=dict)  # sort of loss → count; keys of `cordon.store.losses.LOST`


@dataclass(frozen=True, slots=True)
class Facet:
    """A value and how many devices have it; "" are those for which it is not known."""

    value: str
    devices: int
