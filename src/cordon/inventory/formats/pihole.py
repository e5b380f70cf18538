"""``pihole.log``: what Pi-hole's dnsmasq logs. Who asks is there with an address, who got a lease with a name too."""

import re
from typing import Final

from cordon.inventory.columns import hearsay
from cordon.inventory.entry import Entry, FileError, ip_of, mac_of

_LINE: Final = re.compile(
    r"(?:[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d|\d{4}-\S+)\s(?:\S+\s)?dnsmasq(-dhcp|-tftp)?\[\d+\]:\s(.*)"
)
_QUERY: Final = re.compile(r"(?:\d+ \S+ )?query\[[A-Za-z0-9=]+\] \S* ?from (\S+)")
_LEASE: Final = re.compile(r"(?:\d+ )?DHCPACK\(\S+\) (\S+) (\S+)(?: (\S+))?")
NOBODY: Final = frozenset({"127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104  # no address to listen on: whom to leave out


def looks_like(head: str) -> bool:
    """Whether one of the first lines is of dnsmasq."""
    return any(_LINE.fullmatch(line.rstrip()) for line in head.splitlines()[:5])


def clients(text: str, name: str) -> list[Entry]:
    """The devices that asked for a name or got a lease, each once.

    Raises:
        FileError: a line is none of dnsmasq's log.
    """
    asked: dict[str, Entry] = {}
    leased: dict[str, Entry] = {}
    lines = text.splitlines()
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line:
            continue
        told = _LINE.fullmatch(line)
        if told is None:
            if number == len(lines) and number > 1:
                break  # the last line is still being written
            raise FileError(name, number, "this is no line of dnsmasq's log; remove it, or choose another file.")
        if query := _QUERY.match(told[2]):
            if (ip := ip_of(query[1])) and ip not in NOBODY:
                asked.setdefault(ip, hearsay(ips=(ip,)))
        elif (ack := _LEASE.match(told[2])) and (ip := ip_of(ack[1])) and (mac := mac_of(ack[2])):
            leased[mac] = hearsay(macs=(mac,), ips=(ip,), name=ack[3] or "")
    known = {ip for one in leased.values() for ip in one.ips}
    return [*leased.values(), *(one for ip, one in asked.items() if ip not in known)]
