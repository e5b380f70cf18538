"""Vendors of MAC address prefixes, from the IEEE registries MA-L, MA-M and MA-S; the longest prefix wins.

The table is packaged as `data/oui.txt.gz`, one line a vendor: its name, a tab, its prefixes in hex separated by
commas. `evaluation/build_oui.py` makes it.
"""

import gzip
import re
from functools import cache
from importlib import resources

_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")


def is_device_mac(mac: str) -> bool:
    """True for the address of one network card: well-formed, not multicast, not all zeros."""
    return bool(_MAC.fullmatch(mac)) and not int(mac[:2], 16) & 1 and mac != "00:00:00:00:00:00"


def is_random(mac: str) -> bool:
    """True when the address was made up by the device (locally administered bit), so no registry knows it."""
    return bool(int(mac[:2], 16) & 2)


def vendor_of(mac: str) -> str:
    """The tidied vendor of the address's prefix; "" when it is random, private or not assigned."""
    if is_random(mac):
        return ""
    digits = mac.replace(":", "").upper()
    table = _table()
    for length in (9, 7, 6):
        if vendor := table.get(digits[:length]):
            return vendor
    return ""


@cache
def _table() -> dict[str, str]:
    packed = (resources.files("cordon.devices") / "data" / "oui.txt.gz").read_bytes()
    table: dict[str, str] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        vendor, _, prefixes = line.partition("\t")
        table.update(dict.fromkeys(prefixes.split(","), vendor))
    return table
