"""Leases of Kea: the memfile back-end's CSV, and what ``lease4-get-all`` answers as JSON (Kea ARM, DHCPv4 server)."""

import csv
import io
from typing import Any

from cordon.inventory.columns import hearsay
from cordon.inventory.entry import Entry, FileError, ip_of, mac_of
from cordon.inventory.formats import times
from cordon.inventory.formats.parsed import loaded, rows_of


def looks_like(head: str) -> bool:
    """Whether the first line names a memfile's columns."""
    return head.startswith(("address,hwaddr,", "address,duid,"))


def leases(text: str, name: str) -> list[Entry]:
    """The devices that had a lease.

    Raises:
        FileError: it is not as Kea writes it.
    """
    return _of_json(text, name) if text.lstrip()[:1] in {"[", "{"} else _of_memfile(text, name)


def _of_memfile(text: str, name: str) -> list[Entry]:
    if not looks_like(text):
        raise FileError(name, 1, "the first line does not name the columns of a memfile (address,hwaddr,…).")
    rows = csv.DictReader(io.StringIO(text), strict=True)
    found: list[Entry] = []
    try:
        for row in rows:
            if None in row or any(value is None for value in row.values()):
                raise FileError(name, rows.line_num, "this line has too many or too few columns; remove it.")
            found += _entry(row["address"], row.get("hwaddr", ""), row.get("hostname", ""), row, name, rows.line_num)
    except csv.Error as error:
        raise FileError(name, rows.line_num, f"this is no line of a table ({error}); correct it.") from None
    return found


def _entry(ip: str, mac: str, host: str, row: dict[str, Any], name: str, line: int) -> list[Entry]:
    address = ip_of(ip)
    if not address:
        raise FileError(name, line, f"{ip[:60]!r} is no IP address; correct or remove it.")
    if not mac:
        return []  # a lease of IPv6 may tell none
    if not (hardware := mac_of(mac)):
        raise FileError(name, line, f"{mac[:60]!r} is no MAC address; correct or remove it.")
    expire, lifetime = str(row.get("expire", "")), str(row.get("valid_lifetime", ""))
    known = expire.isdigit() and lifetime.isdigit() and len(expire) < 13 and len(lifetime) < 13
    at = times.of_seconds(int(expire) - int(lifetime)) if known else times.of_seconds(row.get("cltt", ""))
    called = host.replace("&#x2c", ",").rstrip(".")
    return [hearsay(macs=(hardware,), ips=(address,), name=called, last_seen=at)]


def _of_json(text: str, name: str) -> list[Entry]:
    value = loaded(text, name)
    answers = value if isinstance(value, list) else [value]
    found: list[Entry] = []
    for answer in answers:
        held = answer.get("arguments", answer) if isinstance(answer, dict) else None
        listed = held.get("leases") if isinstance(held, dict) else [answer] if "ip-address" in (held or ()) else None
        for row in rows_of(listed, name, "leases"):
            address, mac = str(row.get("ip-address", "")), str(row.get("hw-address", ""))
            found += _entry(address, mac, str(row.get("hostname", "")), row, name, 0)
    return found
