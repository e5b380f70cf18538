"""Writes a usage description as JSON (RFC 8520): an access list for each direction and family that is spoken of."""

import json
import re
from typing import Any, Final

from cordon.policy.mud.statement import ANY_PORT, WITHOUT_VALUE, Mud, Ports, Statement

_TYPES: Final = {"ipv4": "ipv4-acl-type", "ipv6": "ipv6-acl-type", "ethernet": "ethernet-acl-type"}
_TRANSPORTS: Final = {6: "tcp", 17: "udp"}


def write(mud: Mud) -> str:
    """The file: what `read` makes the same statements of again, in an order of its own between lists only."""
    lists: dict[tuple[bool, str], list[Statement]] = {}
    for statement in mud.statements:
        lists.setdefault((statement.outgoing, statement.family), []).append(statement)
    word = re.sub(r"[^a-z0-9]+", "-", mud.systeminfo.lower()).strip("-") or "device"
    names = {key: f"{'from' if key[0] else 'to'}-{key[1]}-{word}" for key in lists}
    about: dict[str, Any] = {
        "mud-version": mud.version,
        "mud-url": mud.url,
        "last-update": mud.updated,
        "cache-validity": mud.cache_hours,
        "is-supported": mud.supported,
        "systeminfo": mud.systeminfo,
    }
    leaves = {
        "mud-signature": mud.signature,
        "mfg-name": mud.manufacturer,
        "model-name": mud.model,
        "documentation": mud.documentation,
        "firmware-rev": mud.firmware,
        "software-rev": mud.software,
    }
    about |= {leaf: text for leaf, text in leaves.items() if text}
    for side, outgoing in (("from", True), ("to", False)):
        mine = [{"name": name} for (direction, _), name in names.items() if direction == outgoing]
        if mine:
            about[f"{side}-device-policy"] = {"access-lists": {"access-list": mine}}
    acls = [
        {"name": names[key], "type": _TYPES[key[1]], "aces": {"ace": [_ace(one) for one in entries]}}
        for key, entries in lists.items()
    ]
    whole = {"ietf-mud:mud": about, "ietf-access-control-list:access-lists": {"acl": acls}}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _ace(one: Statement) -> dict[str, Any]:
    six = one.family == "ipv6" or (one.family == "ethernet" and ":" in one.peer_network + one.own_network)
    family = "ipv6" if six else "ipv4"
    parts = {
        "ietf-mud:mud": _abstraction(one),
        "eth": _ethernet(one),
        family: _network(one, family),
        "icmp": _icmp(one),
    }
    transport = _TRANSPORTS.get(one.protocol)
    if transport is not None and (ports := _ports_of(one)):
        parts[transport] = ports
    matches = {name: part for name, part in parts.items() if part}
    return {"name": one.name, "matches": matches, "actions": {"forwarding": "accept" if one.accepts else "drop"}}


def _abstraction(one: Statement) -> dict[str, Any]:
    if not one.abstraction:
        return {}
    return {one.abstraction: [None] if one.abstraction in WITHOUT_VALUE else one.value}


def _network(one: Statement, family: str) -> dict[str, Any]:
    peer, own = ("destination", "source") if one.outgoing else ("source", "destination")
    made: dict[str, Any] = {} if one.protocol < 0 else {"protocol": one.protocol}
    if one.host:
        made[f"ietf-acldns:{'dst' if one.outgoing else 'src'}-dnsname"] = one.host
    for end, network in ((peer, one.peer_network), (own, one.own_network)):
        if network:
            made[f"{end}-{family}-network"] = network
    return made


def _ports_of(one: Statement) -> dict[str, Any]:
    own, peer = ("source-port", "destination-port") if one.outgoing else ("destination-port", "source-port")
    made: dict[str, Any] = {
        end: _port(ports) for end, ports in ((own, one.own_ports), (peer, one.peer_ports)) if ports != ANY_PORT
    }
    if one.opened:
        made["ietf-mud:direction-initiated"] = one.opened
    return made


def _port(ports: Ports) -> dict[str, Any]:
    low, high = ports
    if low == high:
        return {"operator": "eq", "port": low}
    return {"operator": "range", "lower-port": low, "upper-port": high}


def _icmp(one: Statement) -> dict[str, Any]:
    return {leaf: value for leaf, value in (("type", one.icmp_type), ("code", one.icmp_code)) if value >= 0}


def _ethernet(one: Statement) -> dict[str, Any]:
    mac = f"{'destination' if one.outgoing else 'source'}-mac-address"
    return {leaf: text for leaf, text in (("ethertype", one.ethertype), (mac, one.peer_mac)) if text}
