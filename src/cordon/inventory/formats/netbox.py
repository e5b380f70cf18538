"""Devices as NetBox has them (REST API, dcim/devices), in and out; what it has no place for goes into custom fields."""

from typing import Any, Final

from cordon.inventory.columns import entry
from cordon.inventory.entry import LISTS, Entry, FileError, kind_of
from cordon.inventory.formats.parsed import loaded, rows_of, text_of

OURS: Final = ("id", "segment", "macs", "ips", "names", "kind", "firmware", "zone", "criticality", "told", "known",
               "first_seen", "last_seen", "vendor", "model", "os")  # fmt: skip
"""What stands in custom fields, as ``cordon_…``."""


def devices(text: str, name: str) -> list[Entry]:
    """The devices: NetBox's own, or those that Cordon wrote.

    Raises:
        FileError: it is no such list, or a device has no address.
    """
    value = loaded(text, name)
    listed = (value.get("results") or value.get("devices")) if isinstance(value, dict) else value
    found = []
    for at, row in enumerate(rows_of(listed, name, "devices"), 1):

        def wrong(says: str, at: int = at) -> FileError:
            return FileError(name, 0, f"device {at}: {says}")

        found.append(entry(_said(row), wrong))
    return found


def _said(row: dict[str, Any]) -> dict[str, str | tuple[str, ...]]:
    custom = row.get("custom_fields")
    own = custom if isinstance(custom, dict) else {}
    kind = row.get("device_type")
    type_ = kind if isinstance(kind, dict) else {}
    tags = row.get("tags")
    said: dict[str, str | tuple[str, ...]] = {
        "name": text_of(row, "name"),
        "vendor": text_of(type_, "manufacturer"),
        "model": text_of(type_, "model"),
        "kind": kind_of(text_of(row, "role", "device_role")),
        "os": text_of(row, "platform"),
        "site": text_of(row, "site"),
        "location": text_of(row, "location"),
        "owner": text_of(row, "tenant"),
        "purpose": text_of(row, "description"),
        "notes": text_of(row, "comments"),
        "tags": ", ".join(text_of({"tag": tag}, "tag") for tag in tags) if isinstance(tags, list) else "",
        "ips": tuple(text for key in ("primary_ip4", "primary_ip6", "primary_ip") if (text := _address(row.get(key)))),
    }
    for name in OURS:
        if f"cordon_{name}" in own:
            value = own[f"cordon_{name}"]
            if name in LISTS:
                said[name] = tuple(str(one) for one in value) if isinstance(value, list) else str(value or "")
            else:
                said[name] = str(value or "")
    return said


def _address(value: object) -> str:
    return str(value.get("address") or "") if isinstance(value, dict) else ""


def written(entry: Entry) -> dict[str, Any]:
    """The device as NetBox shapes it; the names of things it refers to stand with their slugs."""
    four = next((ip for ip in entry.ips if "." in ip), "")
    six = next((ip for ip in entry.ips if ":" in ip), "")
    own: dict[str, Any] = {}
    for name in OURS:
        value = getattr(entry, name)
        own[f"cordon_{name}"] = list(value) if isinstance(value, tuple) else value
    return {
        "name": entry.name or None,
        "device_type": {
            "manufacturer": _named(entry.vendor or "Unknown"),
            "model": entry.model or "Unknown",
            "slug": _slug(entry.model or "Unknown"),
        },
        "role": _named(entry.kind or "unknown"),
        "platform": _named(entry.os) if entry.os else None,
        "tenant": _named(entry.owner) if entry.owner else None,
        "serial": "",  # nothing on the network tells it
        "site": _named(entry.site or "site"),
        "location": _named(entry.location) if entry.location else None,
        "status": {"value": "active", "label": "Active"},
        "primary_ip": {"address": _prefixed(four or six)} if four or six else None,
        "primary_ip4": {"address": _prefixed(four)} if four else None,
        "primary_ip6": {"address": _prefixed(six)} if six else None,
        "description": entry.purpose,
        "comments": entry.notes,
        "tags": [_named(tag.strip()) for tag in entry.tags.split(",") if tag.strip()],
        "custom_fields": own,
    }


def _named(name: str) -> dict[str, str]:
    return {"name": name, "slug": _slug(name)}


def _slug(name: str) -> str:
    return "-".join("".join(char if char.isalnum() and char.isascii() else " " for char in name.lower()).split()) or "-"


def _prefixed(ip: str) -> str:
    return f"{ip}/{128 if ':' in ip else 32}"
