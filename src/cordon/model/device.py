"""What a device is said to be, and which endpoint is which device."""

from dataclasses import dataclass
from enum import StrEnum

from cordon.model.kinds import KIND


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen and what it speaks for."""

    field: str  # of SIGHTING_FIELDS, or "oui"
    value: str
    says: str  # "camera", "Axis Communications"
    weight: int  # how far it is believed, 0–1000
    source: str  # fingerprint id, or the table it was found in
    time: int  # µs, when it was first seen


@dataclass(frozen=True, slots=True)
class Guess:
    """A value that is believed less than another, and how far (0–1000)."""

    value: str
    confidence: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value with its confidence (0–1000; the share of such answers expected to be right) and its evidence.

    Not known is the value "" with confidence 0.
    """

    value: str = ""
    confidence: int = 0
    evidence: tuple[Evidence, ...] = ()
    runner_up: str = ""
    others: tuple[Guess, ...] = ()  # what else it may be, the likeliest first


@dataclass(frozen=True, slots=True)
class Device:
    """One device as it is known from `time` on; a newer fact of the same id replaces it."""

    id: str
    site: str
    time: int
    first_seen: int
    macs: tuple[str, ...]
    ips: tuple[str, ...]
    names: tuple[str, ...]
    vendor: Attribute = Attribute()
    kind: Attribute = Attribute()
    model: Attribute = Attribute()
    os: Attribute = Attribute()
    firmware: Attribute = Attribute()
    is_gateway: bool = False  # frames of remote addresses come from it
    segment: str = ""
    joined: tuple[Evidence, ...] = ()  # why its endpoints are taken for one device; `says` is the other endpoint
    silence: int = 0  # µs; it is usually heard again within this time, 0 while that is not learned

    @property
    def name(self) -> str:
        """What people read first: its own name, else what it is, else its address."""
        if self.names:
            return self.names[0]
        kind = KIND[self.kind.value].says if self.kind.value in KIND else ""
        said = " ".join(part for part in (self.vendor.value, self.model.value or kind) if part)
        return said or (self.macs[0] if self.macs else self.id)


@dataclass(frozen=True, slots=True)
class Binding:
    """Endpoint `endpoint` of `segment` was device `device` from `begin` until `end` (µs; 0: until further notice).

    An endpoint is a MAC address, or an IP address for devices that stand behind a router.
    """

    site: str
    segment: str
    endpoint: str
    device: str
    begin: int
    end: int = 0


class Turn(StrEnum):
    """What became of a device."""

    NEW = "new"  # it was never seen before
    CHANGED = "changed"  # it says something else of itself than it said before
    JOINED = "joined"  # it was taken for one with `other`, which is no device of its own any more
    PARTED = "parted"  # it is a device of its own again, and no part of `other`
    CLONED = "cloned"  # two senders use its address in turn


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something happened to what is known of a device."""

    site: str
    device: str
    time: int  # µs; the end of the step in which it became known
    what: Turn
    field: str = ""  # of SIGHTING_FIELDS, or an attribute of `Device`
    before: str = ""
    after: str = ""
    other: str = ""  # the other device's id, where there is one
