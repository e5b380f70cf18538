"""``dhcpd.leases`` of the ISC DHCP server (dhcpd.leases(5)): the last lease of a MAC address holds."""

import re
from typing import Final

from cordon.inventory.columns import hearsay
from cordon.inventory.entry import Entry, FileError, ip_of, mac_of
from cordon.inventory.formats import times

_LEASE: Final = re.compile(r"lease\s+(\S+)\s*\{$")
_STATEMENT: Final = re.compile(r'(hardware\s+ethernet|client-hostname|starts|cltt)\s+(?:"((?:\\.|[^"\\])*)"|([^;]*));$')

_REMARK: Final = re.compile(r";\s*#[^\"]*$")


def looks_like(head: str) -> bool:
    """Whether there is a lease, or the head that the server writes."""
    return (
        bool(re.search(r"^lease\s+\S+\s*\{", head, re.MULTILINE)) or "# The format of this file is documented" in head
    )


def leases(text: str, name: str) -> list[Entry]:
    """The devices that had a lease.

    Raises:
        FileError: a lease has no address or no end, or a MAC address is none.
    """
    found: list[Entry] = []
    said: dict[str, str] | None = None
    begun = depth = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = _REMARK.sub(";", raw.strip())
        if not line or line.startswith("#"):
            continue
        if depth == 0 and (begins := _LEASE.match(line)):
            if not (ip := ip_of(begins[1])):
                raise FileError(name, number, f"{begins[1][:60]!r} is no IP address; correct or remove this lease.")
            said, begun, depth = {"ip": ip}, number, 1
        elif line.endswith("{"):
            begun, depth = begun if depth else number, depth + 1
        elif line == "}":
            depth -= 1
            if depth < 0:
                raise FileError(name, number, "a bracket ends that never began; is a part of the file missing?")
            if depth == 0 and said is not None:
                found += _entry(said)
                said = None
        elif said is not None and depth == 1:
            _take(said, line, name, number)
        elif depth == 0 and not line.endswith(";"):
            raise FileError(name, number, "this is no line of dhcpd.leases; is this the right file?")
    if depth:
        raise FileError(name, begun, "this part has no end; the file is cut off, so copy it anew.")
    return found


def _take(said: dict[str, str], line: str, name: str, number: int) -> None:
    if told := _STATEMENT.match(line):
        value = re.sub(r"\\(.)", r"\1", told[2]) if told[2] is not None else told[3].strip()
        word = told[1].split()[0]
        if word == "hardware":
            if not (mac := mac_of(value)):
                raise FileError(name, number, f"{value[:60]!r} is no MAC address; correct or remove this lease.")
            said["mac"] = mac
        elif word == "client-hostname":
            said["name"] = value
        else:  # 3 2024/05/06 07:08:09, or: epoch 1714979289
            kind, _, rest = value.partition(" ")
            at = times.of_seconds(rest) if kind == "epoch" else times.of_text(rest)
            said["time"] = max(said.get("time", ""), at)


def _entry(said: dict[str, str]) -> list[Entry]:
    if "mac" not in said:
        return []  # a lease that is free tells of nobody
    heard = hearsay(macs=(said["mac"],), ips=(said["ip"],), name=said.get("name", ""), last_seen=said.get("time", ""))
    return [heard]
