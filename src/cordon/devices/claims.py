"""What was said of an endpoint, as evidence comes in; what several endpoints of one device say together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from cordon.devices.fingerprint import Said, book
from cordon.devices.fuse import add
from cordon.devices.names import FOUND_RANK, MOST, clean
from cordon.devices.state import Known, Name
from cordon.devices.vendors import chip_makers
from cordon.model.device import Evidence
from cordon.model.tables import HOUR, MINUTE

OWN: Final = frozenset(
    [
        "cdp.platform",
        "cdp.version",
        "coap.device",
        "dhcp.params",
        "dhcp.vendor",
        "ftp.banner",
        "lldp.description",
        "modbus.product",
        "s7.module",
        "snmp.description",
        "ssh.banner",
        "tcp.syn",
        "telnet.banner",
        "tplink.model",
    ]
)
"""Fields in which a system says one thing of itself, so another value much later tells of another system."""
OUTLIVED: Final = HOUR  # evidence of such a field gives way to another value that comes so much later
_VERSION_OUTLIVED: Final = MINUTE
_OUI_WEIGHT: Final = 700
_CHIP_WEIGHT: Final = 120


def with_prefix(known: Known, mac: str, vendor: str, time: int) -> Known:
    """What the MAC prefix speaks for: its vendor, and through fingerprints what that vendor mostly makes."""
    weight = _CHIP_WEIGHT if vendor in chip_makers() else _OUI_WEIGHT
    known = with_said(known, Said("vendor", vendor, weight, "oui"), "oui", mac[:8], time)
    if vendor in chip_makers():
        return known
    for said in book().look_up("oui", vendor):
        known = with_said(known, said, "oui", mac[:8], time)
    return known


def with_name(known: Known, name: Name) -> Known:
    """With a name more; the best sources' stay."""
    return replace(known, names=_best((*known.names, name)))


def with_said(known: Known, said: Said, field: str, value: str, time: int) -> Known:
    """With a piece of evidence more. A firmware takes the place of the one the same field told before."""
    if said.attribute == "name":
        return with_name(known, Name(FOUND_RANK, said.value))
    piece = Evidence(field, clean(value), said.value, said.weight, said.source, time)
    held = known.claims.get(said.attribute, ())
    if said.attribute == "firmware":
        held = tuple(p for p in held if p.field != field or p.says == said.value or time - p.time < _VERSION_OUTLIVED)
    return replace(known, claims={**known.claims, said.attribute: add(held, piece)})


def outlived(known: Known, field: str, value: str, time: int) -> Known:
    """Without what a field told long ago that tells something else now."""
    if field not in OWN:
        return known
    shown = clean(value)
    claims = {
        attribute: tuple(p for p in held if p.field != field or p.value == shown or time - p.time < OUTLIVED)
        for attribute, held in known.claims.items()
    }
    return (
        known
        if claims == known.claims
        else replace(known, claims={name: held for name, held in claims.items() if held})
    )


def merged_claims(parts: Sequence[Known]) -> dict[str, tuple[Evidence, ...]]:
    """The evidence of all endpoints of a device, by attribute."""
    if len(parts) == 1:
        return parts[0].claims
    claims: dict[str, tuple[Evidence, ...]] = {}
    for part in parts:
        for attribute, pieces in part.claims.items():
            for piece in pieces:
                claims[attribute] = add(claims.get(attribute, ()), piece)
    return claims


def merged_names(parts: Sequence[Known]) -> tuple[Name, ...]:
    """The best names of all endpoints of a device."""
    return parts[0].names if len(parts) == 1 else _best(name for part in parts for name in part.names)


def _best(names: Iterable[Name]) -> tuple[Name, ...]:
    return tuple(sorted(set(names), key=lambda name: (name.rank, name.text))[:MOST])
