"""``dnsmasq.leases`` (dnsmasq(8), --dhcp-leasefile): expiry, MAC, IP address, name or ``*``, client id or ``*``."""

import re
from typing import Final

from cordon.inventory.columns import hearsay
from cordon.inventory.entry import Entry, FileError, ip_of, mac_of

_LINE: Final = re.compile(r"(\d{1,12})\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(\S+))?")


def looks_like(head: str) -> bool:
    """Whether the first line is a lease."""
    line = head.splitlines()[0] if head else ""
    told = _LINE.fullmatch(line.strip())
    return bool(told and ip_of(told[3])) or line.startswith("duid ")


def leases(text: str, name: str) -> list[Entry]:
    """The devices that had a lease; leases of IPv6 tell no MAC address and are left out.

    Raises:
        FileError: a line is no lease.
    """
    found, six = [], False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("duid "):
            six = True  # from here on the second word is the identity of an interface
        if not line or line.startswith(("duid ", "#")):
            continue
        told = _LINE.fullmatch(line)
        ip = ip_of(told[3]) if told else ""
        if told is None or not ip:
            raise FileError(name, number, "this is no lease (expiry, MAC, IP, name, client id); correct or remove it.")
        if six or ":" in ip:
            continue
        mac = mac_of(told[2].rpartition("-")[2] if told[2].count(":") == 5 else told[2])  # 06-… names other media
        if not mac:
            raise FileError(name, number, f"{told[2][:60]!r} is no MAC address; correct or remove this line.")
        found.append(hearsay(macs=(mac,), ips=(ip,), name="" if told[4] == "*" else told[4]))
    return found
