"""Writes a device's usage description (RFC 8520) from its draft of least privilege."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from cordon.model.decision import Allowance, Profile
from cordon.model.device import Device
from cordon.policy.mud.statement import ANY_PORT, DNS, GATEWAY, NTP, Mud, Ports, Statement

PROTOCOLS: Final = {"tcp": 6, "udp": 17, "icmp": 1, "igmp": 2}
_CLASSES: Final = {53: DNS, 853: DNS, 123: NTP}


def describe(profile: Profile, device: Device, devices: Mapping[str, Device], *, updated: str, url: str) -> Mud:
    """The description that lets a device do what its profile holds.

    Peers of the own network become what RFC 8520 has words for: the gateway, a resolver, a time server, else the local
    networks. What it has no words for is left out: see `untold`.
    """
    left_out = untold(profile)
    statements = [
        one for allowance in profile.allowances if allowance not in left_out for one in _both_ways(allowance, devices)
    ]
    numbered: dict[str, int] = {}
    named = []
    for one in dict.fromkeys(statements):
        numbered[one.name] = numbered.get(one.name, 0) + 1
        count = numbered[one.name]
        named.append(one if count == 1 else replace(one, name=f"{one.name}-{count}"))
    return Mud(
        url=url,
        updated=updated,
        statements=tuple(named),
        systeminfo=" ".join(part for part in (device.vendor.value, device.model.value or device.kind.value) if part),
        manufacturer=device.vendor.value,
        model=device.model.value,
    )


def untold(profile: Profile) -> tuple[Allowance, ...]:
    """What a usage description has no words for."""
    return tuple(one for one in profile.allowances if "*" in one.name or (one.proto and one.proto not in PROTOCOLS))


def _both_ways(allowance: Allowance, devices: Mapping[str, Device]) -> Iterator[Statement]:
    """A description speaks of packets, so each allowance is one statement there and one back."""
    protocol = PROTOCOLS.get(allowance.proto, -1)
    out = allowance.direction == "out"
    ports: Ports = (allowance.port, allowance.port) if allowance.port else ANY_PORT
    opened = ("from-device" if out else "to-device") if protocol == PROTOCOLS["tcp"] else ""
    for family, whom in _whom(allowance, devices):
        for outgoing in (True, False):
            yield Statement(
                name=f"{'from' if outgoing else 'to'}-{allowance.service or allowance.proto or 'any'}",
                outgoing=outgoing,
                family=family,
                protocol=protocol,
                own_ports=ANY_PORT if out else ports,
                peer_ports=ports if out else ANY_PORT,
                opened=opened,
                abstraction=whom.get("abstraction", ""),
                value=whom.get("value", ""),
                host=whom.get("host", ""),
                peer_network=whom.get("peer_network", ""),
            )


def _whom(allowance: Allowance, devices: Mapping[str, Device]) -> Iterable[tuple[str, dict[str, str]]]:
    """The other end, and of which version of IP."""
    if allowance.network:
        return [(f"ipv{ipaddress.ip_network(allowance.network).version}", {"peer_network": allowance.network})]
    meant: dict[str, str] = {"host": allowance.name} if allowance.name else {}
    if allowance.peer:
        peer = devices.get(allowance.peer)
        if allowance.port in _CLASSES and allowance.direction == "out":
            meant = {"abstraction": "controller", "value": _CLASSES[allowance.port]}
        elif peer is not None and peer.is_gateway:
            meant = {"abstraction": "controller", "value": GATEWAY}
        else:
            meant = {"abstraction": "local-networks"}
    return [("ipv4", meant), ("ipv6", meant)]
