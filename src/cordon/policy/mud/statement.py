"""What a manufacturer's usage description (MUD, RFC 8520) says: frozen, each entry from the device's point of view."""

from dataclasses import dataclass
from typing import Final

Ports = tuple[int, int]
"""From and to, both within; ``ANY_PORT`` for all of them."""
ANY_PORT: Final[Ports] = (0, 65_535)

FAMILIES: Final = ("ipv4", "ipv6", "ethernet")
ABSTRACTIONS: Final = ("controller", "my-controller", "local-networks", "same-manufacturer", "manufacturer", "model")
"""Whom a MUD file may mean without an address (RFC 8520 section 8)."""
WITHOUT_VALUE: Final = ("my-controller", "local-networks", "same-manufacturer")
INITIATORS: Final = ("from-device", "to-device")

GATEWAY: Final = "urn:ietf:params:mud:gateway"
DNS: Final = "urn:ietf:params:mud:dns"
NTP: Final = "urn:ietf:params:mud:ntp"


class MudError(ValueError):
    """A file is no usage description, or says something that cannot be kept without changing what it means."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One kind of packet that may pass, from or to the device. What is empty is not asked for."""

    name: str
    outgoing: bool  # of the policy of what comes from the device
    family: str = "ipv4"  # of FAMILIES
    abstraction: str = ""  # of ABSTRACTIONS
    value: str = ""  # of the abstraction: the class of a controller, a manufacturer's domain, the URL of a model
    host: str = ""  # the name of the other end
    peer_network: str = ""  # CIDR of the other end
    own_network: str = ""  # CIDR of the device's own end
    protocol: int = -1  # IANA number; -1: any
    own_ports: Ports = ANY_PORT
    peer_ports: Ports = ANY_PORT
    opened: str = ""  # who opens the connection, of INITIATORS
    icmp_type: int = -1
    icmp_code: int = -1
    ethertype: str = ""
    peer_mac: str = ""
    accepts: bool = True


@dataclass(frozen=True, slots=True)
class Mud:
    """A whole file. The order of statements is that of the file: the first that fits counts."""

    url: str
    updated: str  # as written, RFC 3339
    statements: tuple[Statement, ...]
    systeminfo: str = ""
    version: int = 1
    cache_hours: int = 48
    supported: bool = True
    signature: str = ""  # URL of its detached signature
    manufacturer: str = ""
    model: str = ""
    documentation: str = ""
    firmware: str = ""
    software: str = ""
