"""What a device says of itself, tidied until nothing of the single device is left: what remains is of its type."""

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 120
NOT_ASKED: Final = frozenset(
    {"ip", "ip.source", "mac", "ntp.client", "mqtt.client", "ssdp.usn", "ssdp.location", "upnp.serial", "enip.serial",
     "knx.serial", "knx.address", "bacnet.device", "tplink.id", "tuya.id", "miio.id", "tls.names", "tls.key",
     "ssh.offers", "ssh.hostkey", "snmp.version", "snmp.community", "rtsp.access", "onvif.access", "upnp.mapping",
     "ntlm.version"}
)  # fmt: skip
"""Fields that name one device and no other, or say how it is set and not what it is."""
AS_IT_IS: Final = frozenset({"dhcp.params", "tcp.syn", "tcp.synack", "tls.ja3", "tls.ja4", "ssh.hassh", "tcp.serves"})
"""Fields whose numbers are those of a type."""
PREFIX: Final = "oui"
"""The first three bytes of the MAC address: the most that is asked of it."""

_ONE: Final = re.compile(
    r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{14,}|\d{1,3}(?:\.\d{1,3}){3}", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{4,}|\d+", re.IGNORECASE)


def tokens(said: Iterable[tuple[str, str]], mac: str) -> frozenset[str]:
    """The tokens of sightings (field, value) of the device with that MAC address.

    Addresses, serial numbers, UUIDs and the numbers within names are gone from them; of the MAC address its prefix
    stays, unless the device made the address up.
    """
    found = {f"{field}={tidy(field, value)}" for field, value in said if field not in NOT_ASKED}
    if mac and not int(mac[:2], 16) & 2:
        found.add(f"{PREFIX}={mac[:8].lower()}")
    return frozenset(found)


def tidy(field: str, value: str) -> str:
    """A value without what tells one device from another of its type."""
    if field in AS_IT_IS:
        return value[:LONGEST]
    return _NUMBER.sub("#", _ONE.sub("@", value.lower()))[:LONGEST]


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two devices have in common: the share of all their tokens that both have (Jaccard)."""
    both = one | other
    return len(one & other) / len(both) if both else 0.0
