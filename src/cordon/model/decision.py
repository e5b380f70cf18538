"""What a device may reach, and the changes of a network that would make it so."""

from dataclasses import dataclass
from enum import StrEnum

from cordon.model.trust import Band


class Mode(StrEnum):
    """What Cordon may do in a zone."""

    WATCH = "watch"
    WARN = "warn"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Allowance:
    """One thing a device may do. Of `peer`, `name` and `network` exactly one is set, or none for "anything"."""

    direction: str  # out: the device opens it; in: it is opened to the device
    proto: str  # tcp, udp, icmp, … or ""
    port: int  # at whoever answers; 0: any
    service: str
    peer: str = ""  # device id
    name: str = ""  # host name, or "*.example.org"
    network: str = ""  # CIDR, or a multicast/broadcast group
    essential: bool = False
    why: str = ""  # "seen 144 times on 2 days, last 10:42"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a device usually does: the draft of its least privilege, with what was left out and why."""

    device: str
    site: str
    time: int
    allowances: tuple[Allowance, ...]
    left_out: tuple[Allowance, ...] = ()
    confirmed: bool = False
    learned_from: int = 0  # µs
    learned_until: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a device may reach from `time` on, and why."""

    id: str
    site: str
    device: str
    time: int
    band: Band
    mode: Mode
    says: str
    because: tuple[str, ...]  # ids of trust reasons' sources
    simulated: bool = True  # nothing was changed on the network


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the network and its undo, said before it is made."""

    id: str
    site: str
    decision: str
    backend: str
    does: str
    undo: str
    simulated: bool = True
