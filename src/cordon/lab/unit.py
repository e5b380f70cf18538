"""What the catalogue declares: models of devices with their identity and habits."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cordon.lab.lan import Lan
    from cordon.lab.station import Station


class Habit(Protocol):
    """Something a device does again and again. Habits are frozen data; what happens is in `run`."""

    def run(self, lan: "Lan", who: "Station", rng: Random, until: int) -> Iterator[int]:
        """Acts at `lan.now`, yields when it wants to act next (µs), and ends by `until`."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """A service announced by mDNS (RFC 6763). Texts may hold {host}, {mac}, {tail} and {model}."""

    type: str
    instance: str
    port: int
    txt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upnp:
    """What the device says of itself by SSDP (UPnP Device Architecture 1.1)."""

    server: str
    type: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A model of device. `prefix` is one of its vendor's blocks in the IEEE registry."""

    kind: str
    vendor: str
    model: str
    prefix: str
    host: str  # host name it asks for by DHCP; "" when it sends none
    params: tuple[int, ...]  # DHCP option 55
    vendor_class: str = ""  # DHCP option 60
    system: str = "linux"  # of its TCP: linux, windows, apple, lwip, plain
    ttl: int = 64
    library: str = "openssl"  # of its TLS
    agent: str = ""  # HTTP user agent
    services: tuple[Service, ...] = ()
    upnp: Upnp | None = None
    habits: tuple[Habit, ...] = ()
    serves: tuple[int, ...] = ()  # TCP ports that are open
    web: str = ""  # Server header of its own web page on port 80; "" when it has none
    presence: str = "always"  # always, office (comes and goes with its person), visitor
    random_mac: bool = False
    ipv6: bool = True
    name: str = ""  # what people call it, when it matters in stories and habits
