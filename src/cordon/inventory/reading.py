"""Reads a file of devices: finds out which format it has, and gives an entry for each device, or says what is wrong."""

import codecs
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cordon.inventory.entry import Entry, FileError
from cordon.inventory.formats import adguard, dnsmasq, isc, jsons, kea, pihole, tables

Parse = Callable[[str, str], list[Entry]]
"""Takes the text and the file's name."""

MOST_BYTES: Final = 64_000_000
MOST_ENTRIES: Final = 200_000

FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "csv": "a table with a line of column names (name, mac, ip, owner, location …), also as Cordon exports it",
        "json": "a list of such objects, also as Cordon exports it",
        "netbox": "devices as NetBox gives them as JSON, also as Cordon exports them",
        "isc": "dhcpd.leases of the ISC DHCP server",
        "dnsmasq": "dnsmasq.leases, also of Pi-hole and OpenWrt",
        "kea": "leases of Kea, as its memfile (CSV) or as JSON",
        "netalertx": "devices of NetAlertX, as CSV or JSON",
        "unifi": "clients of a UniFi controller as JSON",
        "pihole": "pihole.log: the log of Pi-hole's dnsmasq",
        "adguard": "querylog.json of AdGuard Home",
    }
)
"""What can be read, by its name."""

_PARSERS: Final[Mapping[str, Parse]] = MappingProxyType(
    {
        "csv": tables.devices,
        "json": jsons.devices,
        "netbox": jsons.netbox,
        "isc": isc.leases,
        "dnsmasq": dnsmasq.leases,
        "kea": kea.leases,
        "netalertx": jsons.netalertx,
        "unifi": jsons.unifi,
        "pihole": pihole.clients,
        "adguard": adguard.clients,
    }
)


def read(path: Path, format: str = "auto") -> tuple[str, tuple[Entry, ...]]:
    """The format and the devices of a file, each device once.

    Raises:
        FileError: it is too large, no text, or not as its format has it; the message says where and what to do.
    """
    try:
        size = path.stat().st_size
        octets = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise FileError(str(path), 0, f"it cannot be read ({error.strerror}).") from None
    if size > MOST_BYTES:
        raise FileError(path.name, 0, f"it has more than {MOST_BYTES // 1_000_000} MB; split it.")
    text = _text(path.name, octets)
    found = recognised(text) if format == "auto" else format
    if not found:
        known = ", ".join(FORMATS)
        raise FileError(path.name, 1, f"this is none of the formats that Cordon knows; name it with --format: {known}.")
    entries = _PARSERS[found](text, path.name)
    if len(entries) > MOST_ENTRIES:
        raise FileError(path.name, 0, f"it has more than {MOST_ENTRIES:,} devices; split it.")
    return found, merged(entries)


def recognised(text: str) -> str:
    """The format a text has by its looks; "" where it has none of ours."""
    head = text[:20_000].lstrip()
    if head[:1] in {"{", "["}:
        return "adguard" if adguard.looks_like(head) else jsons.recognised(text)
    if tables.is_netalertx(head):
        return "netalertx"
    for name, module in (("kea", kea), ("isc", isc), ("dnsmasq", dnsmasq), ("pihole", pihole)):
        if module.looks_like(head):
            return name
    return "csv" if tables.looks_like(head) else ""


def merged(entries: list[Entry]) -> tuple[Entry, ...]:
    """Each device once: what later entries of the same MAC addresses (else addresses) say comes in place."""
    found: dict[str, Entry] = {}
    for one in entries:
        key = " ".join(("" if one.macs else one.id, one.segment, *(sorted(one.macs) or one.ips)))
        before = found.get(key)
        found[key] = one if before is None else _over(before, one)
    return tuple(found.values())


def _over(before: Entry, later: Entry) -> Entry:
    said = {name: value for name in Entry.__dataclass_fields__ if (value := getattr(later, name))}
    for name in ("names", "told"):
        said[name] = tuple(dict.fromkeys((*getattr(later, name), *getattr(before, name))))
    if before.first_seen and later.first_seen:
        said["first_seen"] = min(before.first_seen, later.first_seen)
    if before.last_seen and later.last_seen:
        said["last_seen"] = max(before.last_seen, later.last_seen)
    return replace(before, **said)


def _text(name: str, octets: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if octets.startswith(mark):
            try:
                return octets.decode(encoding)
            except UnicodeDecodeError as error:
                raise FileError(name, 0, f"it is marked as UTF-16 but is not ({error.reason}); save it anew.") from None
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise FileError(name, line, "this is not text in UTF-8; save the file anew as UTF-8.") from None
    if (at := text.find("\0")) >= 0:
        raise FileError(name, text.count("\n", 0, at) + 1, "there is a byte of zero; this is not a text file.")
    if not text.strip():
        raise FileError(name, 0, "it is empty; choose another file.")
    return text
