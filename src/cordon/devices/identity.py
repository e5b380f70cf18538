"""What stays with a device when its address does not, and when two endpoints that share it are one device.

Serial numbers, UUIDs and ids of protocols are made to name one device; yet whole series carry the same one, and some
hosts answer for others. Names are given by people or by makers, and anybody can take one. So what two endpoints share
joins them only where nothing speaks against it, and a name only where both also ask for their lease alike.
"""

import re
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

from cordon.devices.oui import is_device_mac, is_random, vendor_of
from cordon.devices.vendors import chip_makers

MOST_SHARED: Final = 3  # endpoints with assigned addresses that share an id; one that more have names a series
NEIGHBOURS: Final = 16  # cards of one device have addresses that lie this close together

IDS: Final = ("tuya.id", "tplink.id", "miio.id", "upnp.serial", "s7.serial", "ssdp.usn", "mdns.txt")
"""Fields that may carry an id of the device."""
NAMES: Final = ("dhcp.hostname", "mdns.name", "nbns.name")
_TXT_KEYS: Final = {"deviceid", "id", "uuid", "serialnumber", "serial", "sn", "di"}
_UUID: Final = re.compile(r"^uuid:([0-9a-f-]{16,})", re.IGNORECASE)
_NO_ID: Final = re.compile(r"^[0\-:.fx]*$|^(0123456789|123456789|none|null|unknown|default|n/a)", re.IGNORECASE)
_LEAST_ID: Final = 8  # characters
_LEAST_NAME: Final = 4  # letters of a name that are of no common word
_CODE: Final = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}$")


def stable_id(field: str, value: str) -> str:
    """The id that names one device in such a value, as `field:id`; "" where there is none."""
    found = ""
    if field == "ssdp.usn":
        uuid = _UUID.match(value)
        found = uuid[1].lower() if uuid else ""
    elif field == "mdns.txt":
        pair, _, service = value.rpartition("|")
        name, _, text = pair.partition("=")
        if name.lower() in _TXT_KEYS:
            field, found = f"mdns.txt {service} {name.lower()}", text.strip().lower()
    elif field in IDS:
        found = value.strip()
    if len(found) < _LEAST_ID or _NO_ID.match(found):
        return ""
    return f"{field}:{found}"


def carries_id(field: str, values: pl.Series) -> pl.Series:
    """Whether each value may carry an id that `stable_id` finds."""
    if field == "mdns.txt":
        return values.str.contains(r"(?i)^(" + "|".join(sorted(_TXT_KEYS)) + ")=")
    return pl.repeat(field in IDS, len(values), dtype=pl.Boolean, eager=True)


def particular_name(field: str, value: str) -> str:
    """A host name that is hardly given twice, in lower case; "" where it tells what a thing is and not which."""
    if field not in NAMES:
        return ""
    name = value.strip().lower().removesuffix(".local").partition(".")[0]
    own = sum(len(word) for word in re.findall(r"[a-z]+", name) if word not in _common())
    return name if own >= _LEAST_NAME or (own and _is_coined(name)) else ""


@cache
def _common() -> frozenset[str]:
    """Words that say what a thing is, not which."""
    text = (resources.files("cordon.devices") / "data" / "common_names.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _is_coined(name: str) -> bool:
    """True for names with a code no person thinks of: DESKTOP-4F2K1QM."""
    return _CODE.search(name) is not None


def may_share_id(one: str, other: str) -> bool:
    """True when two MAC addresses may be of one device that gives both the same id.

    Two units of one maker with the same id are a series, or one that answers for the other, unless their addresses
    lie side by side. What stands behind a router (no MAC) is never joined.
    """
    if not (is_device_mac(one) and is_device_mac(other)):
        return False
    return is_random(one) or is_random(other) or _makers_differ(one, other) or _are_neighbours(one, other)


def may_share_name(one: str, other: str, name: str, *, overlap: bool) -> bool:
    """True when two MAC addresses may be of one device that gives both the same particular name.

    `overlap`: both were heard at the same time; an address that replaces another is not heard along with it.
    """
    if not (is_device_mac(one) and is_device_mac(other)):
        return False
    if is_random(one) or is_random(other):
        return not overlap
    of_modules = {vendor_of(one), vendor_of(other)} & chip_makers()  # two lamps of one series may have other modules
    return _makers_differ(one, other) and (_is_coined(name) or not of_modules)


def same_maker(one: str, other: str) -> bool:
    """True when both MAC addresses are of one maker of devices, not of network chips."""
    maker = vendor_of(one)
    return bool(maker) and maker not in chip_makers() and maker == vendor_of(other)


def _makers_differ(one: str, other: str) -> bool:
    makers = vendor_of(one), vendor_of(other)
    return all(makers) and makers[0] != makers[1]


def _are_neighbours(one: str, other: str) -> bool:
    near = abs(int(one.replace(":", ""), 16) - int(other.replace(":", ""), 16)) <= NEIGHBOURS
    return near and vendor_of(one) not in chip_makers()
