"""Lists of devices as JSON: which of them a text is, and lists of objects with names as the columns of a table have."""

import json
from typing import Any

from cordon.inventory.columns import entry, field_of
from cordon.inventory.entry import LISTS, Entry, FileError
from cordon.inventory.formats import netalertx as netalertx_
from cordon.inventory.formats import netbox as netbox_
from cordon.inventory.formats import unifi as unifi_
from cordon.inventory.formats.parsed import loaded, rows_of

netalertx, netbox, unifi = netalertx_.devices, netbox_.devices, unifi_.devices


def recognised(text: str) -> str:
    """Which list it is, by the keys of its first object; what is no JSON is a list that will be told so."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "json"
    if isinstance(value, dict):
        if "leases" in value or "arguments" in value:
            return "kea"
        value = next((value[key] for key in ("data", "results", "devices", "clients") if key in value), value)
    first = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
    keys = {str(key).casefold() for key in first}
    if keys & {"arguments", "ip-address"}:
        return "kea"
    if keys & {"devmac", "dev_mac"}:
        return "netalertx"
    if "device_type" in keys:
        return "netbox"
    if "mac" in keys and keys & {"oui", "is_wired", "hostname", "last_ip", "usergroup_id"}:
        return "unifi"
    return "json"


def devices(text: str, name: str) -> list[Entry]:
    """The devices of a list of objects.

    Raises:
        FileError: it is no such list, or a value cannot be.
    """
    value = loaded(text, name)
    listed = value.get("devices") if isinstance(value, dict) else value
    found = []
    for at, row in enumerate(rows_of(listed, name, "devices"), 1):

        def wrong(says: str, at: int = at) -> FileError:
            return FileError(name, 0, f"device {at}: {says}")

        found.append(entry(_said(row), wrong))
    return found


def _said(row: dict[str, Any]) -> dict[str, str | tuple[str, ...]]:
    said: dict[str, str | tuple[str, ...]] = {}
    for key, value in row.items():
        name = field_of(str(key))
        if not name or value is None or value == "":
            continue
        if isinstance(value, list):
            said[name] = tuple(str(one) for one in value) if name in LISTS else ", ".join(str(one) for one in value)
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            said[name] = str(value)
    return said
