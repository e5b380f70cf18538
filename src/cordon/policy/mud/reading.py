"""Reads a usage description (RFC 8520, with access lists of RFC 8519).

What a match asks that is not known here stops the reading: to leave a condition out would let more pass than its
author allows.
"""

import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from cordon.policy.mud.statement import (
    ABSTRACTIONS,
    INITIATORS,
    WITHOUT_VALUE,
    Mud,
    MudError,
    Ports,
    Statement,
)

MOST_STATEMENTS: Final = 4096
MOST_BYTES: Final = 1 << 20
TYPES: Final = {"ipv4-acl-type": "ipv4", "ipv6-acl-type": "ipv6", "ethernet-acl-type": "ethernet"}
PROTOCOLS: Final = {"tcp": 6, "udp": 17}
_MUD, _ACL, _DNS = "ietf-mud:", "ietf-access-control-list:", "ietf-acldns:"
_TEXTS: Final = {
    "systeminfo": "systeminfo",
    "mud-signature": "signature",
    "mfg-name": "manufacturer",
    "model-name": "model",
    "documentation": "documentation",
    "firmware-rev": "firmware",
    "software-rev": "software",
}
"""Leaves of the container that are texts, and the fields they fill."""

T = TypeVar("T")


def read(text: str | bytes) -> Mud:
    """What a file says.

    Raises:
        MudError: it is no usage description, or asks for something unknown; the message names the place.
    """
    if len(text) > MOST_BYTES:
        raise MudError(f"it is larger than {MOST_BYTES >> 10} kB; no usage description is")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MudError(f"it is not JSON: {error}") from None
    mud = _get(whole, _MUD + "mud", dict, "")
    lists = {}
    for at, acl in enumerate(_items(_get(whole, _ACL + "access-lists", dict, ""), "acl", "access-lists")):
        lists[_get(acl, "name", str, f"acl {at + 1}")] = acl
    named = [
        (outgoing, _get(entry, "name", str, f"{side}-device-policy"))
        for side, outgoing in (("from", True), ("to", False))
        for entry in _policy(mud, f"{side}-device-policy")
    ]
    statements: list[Statement] = []
    for outgoing, name in named:
        acl = lists.get(name)
        if acl is None:
            raise MudError(f"it names the access list {name!r}, which is not there")
        family = _family(acl, name)
        for at, ace in enumerate(_items(acl.get("aces", {}), "ace", name)):
            statements.append(_statement(ace, outgoing, family, f"{name}, entry {at + 1}"))
        if len(statements) > MOST_STATEMENTS:
            raise MudError(f"it has more than {MOST_STATEMENTS} entries")
    return Mud(
        url=_get(mud, "mud-url", str, "mud"),
        updated=_get(mud, "last-update", str, "mud"),
        version=_whole(mud, "mud-version", 1, 255),
        cache_hours=_whole(mud, "cache-validity", 1, 168) if "cache-validity" in mud else 48,
        supported=_get(mud, "is-supported", bool, "mud"),
        statements=tuple(statements),
        **{field: _get(mud, leaf, str, "mud") for leaf, field in _TEXTS.items() if leaf in mud},
    )


def _policy(mud: Mapping[str, Any], name: str) -> Iterator[Any]:
    if name not in mud:
        return iter(())
    return _items(_get(_get(mud, name, dict, "mud"), "access-lists", dict, name), "access-list", name)


def _family(acl: Mapping[str, Any], name: str) -> str:
    kind = _get(acl, "type", str, name).rpartition(":")[2]
    if kind not in TYPES:
        raise MudError(f"{name}: {kind!r} is no type of access list known here")
    return TYPES[kind]


def _statement(ace: Any, outgoing: bool, family: str, place: str) -> Statement:
    matches = _get(ace, "matches", dict, place)
    made: dict[str, Any] = {"name": _get(ace, "name", str, place), "outgoing": outgoing, "family": family}
    readers: dict[str, Callable[[Mapping[str, Any], bool, str], dict[str, Any]]] = {
        _MUD + "mud": _abstraction,
        "ipv4": _network("ipv4"),
        "ipv6": _network("ipv6"),
        "tcp": _transport("tcp"),
        "udp": _transport("udp"),
        "icmp": _icmp,
        "eth": _ethernet,
    }
    for part, asked in matches.items():
        if part not in readers or not isinstance(asked, dict):
            raise MudError(f"{place}: {part!r} is no match known here")
        for field, value in readers[part](asked, outgoing, f"{place}, {part}").items():
            if made.setdefault(field, value) != value:
                raise MudError(f"{place}: two matches contradict each other in the {field}")
    forwarding = _get(_get(ace, "actions", dict, place), "forwarding", str, place).rpartition(":")[2]
    if forwarding not in ("accept", "drop", "reject"):
        raise MudError(f"{place}: {forwarding!r} is no action")
    return Statement(**made, accepts=forwarding == "accept")


def _abstraction(asked: Mapping[str, Any], _: bool, place: str) -> dict[str, Any]:
    if len(asked) != 1:
        raise MudError(f"{place}: it must name one of {', '.join(ABSTRACTIONS)}")
    ((name, value),) = asked.items()
    if name not in ABSTRACTIONS:
        raise MudError(f"{place}: {name!r} means nothing")
    if name in WITHOUT_VALUE:
        return {"abstraction": name}
    return {"abstraction": name, "value": _is(value, str, f"{place}, {name}")}


def _network(family: str) -> Callable[[Mapping[str, Any], bool, str], dict[str, Any]]:
    def reader(asked: Mapping[str, Any], outgoing: bool, place: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        ends = {"destination": "peer" if outgoing else "own", "source": "own" if outgoing else "peer"}
        for leaf, value in asked.items():
            end, _, what = leaf.partition("-")
            if leaf == "protocol":
                made["protocol"] = _between(value, 0, 255, f"{place}, protocol")
            elif end in ends and what == f"{family}-network":
                made[f"{ends[end]}_network"] = _cidr(value, f"{place}, {leaf}")
            elif leaf == _DNS + ("dst-dnsname" if outgoing else "src-dnsname"):
                made["host"] = _is(value, str, f"{place}, {leaf}").rstrip(".").lower()
            else:
                raise MudError(f"{place}: {leaf!r} is no match known here")
        return made

    return reader


def _transport(name: str) -> Callable[[Mapping[str, Any], bool, str], dict[str, Any]]:
    def reader(asked: Mapping[str, Any], outgoing: bool, place: str) -> dict[str, Any]:
        made: dict[str, Any] = {"protocol": PROTOCOLS[name]}
        for leaf, value in asked.items():
            if leaf in ("source-port", "destination-port"):
                end = "own" if (leaf == "source-port") == outgoing else "peer"
                made[f"{end}_ports"] = _ports(_is(value, dict, place), f"{place}, {leaf}")
            elif leaf == _MUD + "direction-initiated" and name == "tcp" and value in INITIATORS:
                made["opened"] = value
            else:
                raise MudError(f"{place}: {leaf!r} is no match known here")
        return made

    return reader


def _ports(asked: Mapping[str, Any], place: str) -> Ports:
    """A port or a range. Some makers write ``eq`` for a range; lower and upper bound say what is meant."""
    operator = asked.get("operator", "eq")
    if {"lower-port", "upper-port"} <= set(asked) and operator in ("eq", "range"):
        low, high = (_between(asked[f"{end}-port"], 0, 65_535, place) for end in ("lower", "upper"))
        if low > high:
            raise MudError(f"{place}: a range from {low} to {high} holds no port")
        return low, high
    if "port" not in asked:
        raise MudError(f"{place}: no port is named")
    port = _between(asked["port"], 0, 65_535, place)
    bounds = {"eq": (port, port), "lte": (0, port), "gte": (port, 65_535)}
    if operator not in bounds:
        raise MudError(f"{place}: the operator {operator!r} is not known here")
    return bounds[operator]


def _icmp(asked: Mapping[str, Any], _: bool, place: str) -> dict[str, Any]:
    if odd := sorted(set(asked) - {"type", "code"}):
        raise MudError(f"{place}: {odd[0]!r} is no match known here")
    return {f"icmp_{leaf}": _between(value, 0, 255, f"{place}, {leaf}") for leaf, value in asked.items()}


def _ethernet(asked: Mapping[str, Any], outgoing: bool, place: str) -> dict[str, Any]:
    other = "destination-mac-address" if outgoing else "source-mac-address"
    fields = {"ethertype": "ethertype", other: "peer_mac"}
    if odd := sorted(set(asked) - set(fields)):
        raise MudError(f"{place}: {odd[0]!r} is no match known here")
    return {fields[leaf]: _is(value, str, f"{place}, {leaf}").lower() for leaf, value in asked.items()}


def _cidr(value: Any, place: str) -> str:
    """A network; one of the other version, which some files hold, fits no packet and is kept as it is."""
    try:
        return str(ipaddress.ip_network(_is(value, str, place), strict=False))
    except ValueError:
        raise MudError(f"{place}: {value!r} is no network") from None


def _get(whole: Any, name: str, kind: type[T], place: str) -> T:
    where = f"{place}: " if place else ""
    if not isinstance(whole, dict) or name not in whole:
        raise MudError(f"{where}{name} is missing")
    return _is(whole[name], kind, f"{where}{name}")


def _is(value: Any, kind: type[T], place: str) -> T:
    if not isinstance(value, kind):
        raise MudError(f"{place} must be {'an object' if kind is dict else 'a text' if kind is str else kind.__name__}")
    return value


def _items(whole: Any, name: str, place: str) -> Iterator[Any]:
    found = whole.get(name, []) if isinstance(whole, dict) else None
    if not isinstance(found, list):
        raise MudError(f"{place}: {name} must be a list")
    return iter(found)


def _whole(mud: Mapping[str, Any], name: str, least: int, most: int) -> int:
    if name not in mud:
        raise MudError(f"mud: {name} is missing")
    return _between(mud[name], least, most, name)


def _between(value: Any, least: int, most: int, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MudError(f"{place} must be a whole number from {least} to {most}")
    return value
