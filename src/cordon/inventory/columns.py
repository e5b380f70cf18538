"""Names of columns and keys that others use for what we keep, and a record of such names as an entry."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from cordon.inventory.entry import FIELDS, LISTS, MOST_ADDRESSES, Entry, WordError, checked, ip_of, mac_of, tidy
from cordon.model.edit import DISCOVERED, OWNERS

CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("deviceid", "cordonid"),
    "segment": ("network", "subnet", "vlan", "networkname"),
    "name": ("devicename", "displayname", "label", "alias", "asset", "assetname"),
    "macs": ("mac", "macaddress", "macaddresses", "hwaddr", "hardwareaddress", "ethernet", "physicaladdress"),
    "ips": ("ip", "ipaddress", "ipaddresses", "address", "ipv4", "ipv6", "ipv4address", "lastip", "staticip"),
    "names": ("hostname", "hostnames", "host", "dnsname", "fqdn"),
    "vendor": ("manufacturer", "maker", "brand", "make", "oui"),
    "kind": ("type", "devicetype", "category", "class", "role"),
    "model": ("modelname", "product", "modelnumber"),
    "os": ("operatingsystem", "system", "platform"),
    "firmware": ("firmwareversion", "fw", "version", "softwareversion"),
    "location": ("place", "room", "building", "where"),
    "purpose": ("use", "function", "usedfor", "description"),
    "owner": ("responsible", "contact", "assignedto", "department", "tenant", "user"),
    "tags": ("tag", "labels", "group", "groups"),
    "zone": ("securityzone", "area"),
    "criticality": ("importance", "priority", "risk"),
    "notes": ("note", "comment", "comments", "remark", "remarks"),
    "told": (),
    "site": (),
    "known": (),
    "first_seen": ("firstseen", "firstconnection", "created"),
    "last_seen": ("lastseen", "lastconnection"),
}
_BY_NAME: Final = {
    re.sub(r"[^a-z0-9]", "", name): field for field in FIELDS for name in (field, *CALLED.get(field, ()))
}
PLACES: Final = ("id", "macs", "ips")
"""One of these says which device is meant."""


def field_of(name: str) -> str:
    """The field that a column's name means; "" where it is none of ours."""
    return _BY_NAME.get(re.sub(r"[^a-z0-9]", "", name.casefold()), "")


def split(text: str) -> tuple[str, ...]:
    """The parts of a list in a cell: between semicolons; a backslash before one takes it for itself."""
    parts = re.findall(r"((?:\\.|[^;\\])+)(?:;|$)", text, flags=re.DOTALL)
    return tuple(word for part in parts if (word := re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL).strip()))


def joined(parts: tuple[str, ...]) -> str:
    """The parts as one cell."""
    return "; ".join(re.sub(r"([\\;])", r"\\\1", part) for part in parts)


def entry(values: Mapping[str, str | tuple[str, ...]], wrong: Callable[[str], Exception]) -> Entry:
    """The entry of values by our names; a value that cannot be is told through `wrong`.

    Without `told` among them all that is said is a person's word.
    """
    said: dict[str, str | tuple[str, ...]] = {}
    for name, value in values.items():
        if name in LISTS:
            said[name] = _listed(name, value, wrong)
        elif isinstance(value, str) and (text := value.strip()):
            said[name] = _checked(name, text, wrong)
    if not any(said.get(place) for place in PLACES):
        raise wrong("no MAC address, IP address or id says which device is meant; give it one of them.")
    if "told" not in values:
        said["told"] = tuple(sorted(name for name in (*DISCOVERED, *OWNERS) if said.get(name)))
    return Entry(**said)  # type: ignore[arg-type]  # named after its fields


def _listed(name: str, value: str | tuple[str, ...], wrong: Callable[[str], Exception]) -> tuple[str, ...]:
    form = {"macs": mac_of, "ips": ip_of}.get(name)
    if form is None:
        parts = split(value) if isinstance(value, str) else value
        return tuple(dict.fromkeys(word for part in parts if (word := tidy(part)[:300])))
    parts = tuple(re.split(r"[;,\s]+", value)) if isinstance(value, str) else value
    found = []
    for part in filter(None, parts):
        if not (address := form(part)):
            what = "MAC" if name == "macs" else "IP"
            raise wrong(f"{part[:60]!r} is no {what} address; correct it there.")
        found.append(address)
    if len(found) > MOST_ADDRESSES:
        raise wrong(f"more than {MOST_ADDRESSES} addresses are given for one device; give a line to each device.")
    return tuple(dict.fromkeys(found))


def _checked(name: str, text: str, wrong: Callable[[str], Exception]) -> str:
    try:
        return checked(name, text)
    except WordError as error:
        raise wrong(str(error)) from None


def hearsay(**said: str | tuple[str, ...]) -> Entry:
    """An entry of what a program found: nothing of it is a person's word; what is too long or no kind is left out."""
    kept: dict[str, str | tuple[str, ...]] = {}
    for name, value in said.items():
        if isinstance(value, tuple):
            kept[name] = tuple(dict.fromkeys(word for part in value if (word := tidy(part)[:300])))
        else:
            try:
                kept[name] = checked(name, value) if value.strip() else ""
            except WordError:
                continue
    return Entry(**{name: value for name, value in kept.items() if value})  # type: ignore[arg-type]  # as above
