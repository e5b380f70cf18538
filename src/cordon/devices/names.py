"""Readable own names of devices: where they come from, which is best, and how they are cleaned."""

import re
from typing import Final

LONGEST: Final = 64  # characters of a name or of a value said; longer ones are cut
RANKS: Final = {
    "mdns.instance": 1,
    "mdns.name": 2,
    "dhcp.hostname": 3,
    "nbns.name": 4,
    "llmnr.name": 5,
    "ssdp.type": 6,
}
"""Sources of names, best first. Names that fingerprints find in other fields rank as SSDP's do."""
FOUND_RANK: Final = 6
MOST: Final = 8  # names kept of one device

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+")
_SPACE = re.compile(r"\s+")
_NO_NAME = re.compile(
    r"^(localhost|unknown|none|null|android|wlan\d*|eth\d*|workgroup|__msbrowse__|\*|[0-9a-f-]{32,36}|[0-9.]+)?$", re.I
)


def clean(text: str) -> str:
    """The text without control or direction characters, runs of space as one, cut to `LONGEST`."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", text[: 4 * LONGEST])).strip()[:LONGEST].strip()


def name_of(field: str, value: str) -> tuple[int, str] | None:
    """Rank and text of the name a sighting carries; None when it carries none worth showing."""
    rank = RANKS.get(field)
    if rank is None or field == "ssdp.type":
        return None
    text = value
    if field == "mdns.instance":
        text, _, service = value.rpartition("|")
        if not service.startswith(_NAMED_SERVICES):
            return None
        text = text.partition("@")[2] or text  # AirPlay audio puts the MAC address before the name
    text = clean(text).removesuffix(".local")
    return None if _NO_NAME.match(text) else (rank, text)


# Services whose instance name is what people call the device, not an internal id.
_NAMED_SERVICES = (
    "_ipp.", "_ipps.", "_printer.", "_pdl-datastream.", "_airplay.", "_raop.", "_homekit.", "_hap.",
    "_hue.", "_axis-video.", "_smb.", "_afpovertcp.", "_device-info.", "_sonos.", "_http.", "_uscan.", "_scanner.",
)  # fmt: skip
