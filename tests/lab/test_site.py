"""The site's devices say who they are as real ones do."""

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cordon.lab import site
from cordon.model.kinds import KIND

if TYPE_CHECKING:
    from tests.lab.conftest import Written

SHARED = Path(os.environ.get("CORDON_SHARED", Path(__file__).parents[2].parent / "shared"))
UNITS = {unit for group in (site.CORE, site._NEXT, site._MORE) for unit in group}


def _dhcp(written: "Written") -> list[bytes]:
    return [
        frame
        for _, frame in written.frames()
        if frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[36:38] == b"\x00\x43"
    ]


def test_every_kind_of_the_catalogue_is_a_known_kind() -> None:
    assert {unit.kind for unit in UNITS} <= set(KIND)


def test_every_device_but_the_router_asks_for_its_address(quiet: "Written") -> None:
    asked = {frame[70:76].hex(":") for frame in _dhcp(quiet)}
    assert asked == {row["mac"] for row in quiet.devices if row["kind"] != "router"}


def test_phones_hide_behind_a_local_address(quiet: "Written") -> None:
    for row in quiet.devices:
        assert bool(int(row["mac"][:2], 16) & 2) == (row["kind"] == "phone")


def test_mac_prefixes_belong_to_vendors_in_the_registry() -> None:
    registry = SHARED / "data/knowledge/oui/oui.csv"
    if not registry.exists():
        pytest.skip(f"the IEEE registry is not at {registry}")
    with registry.open(encoding="utf-8", newline="") as file:
        known = {row[1] for row in csv.reader(file)}
    prefixes = {unit.prefix.replace(":", "") for unit in UNITS if not unit.random_mac}
    assert prefixes <= known


def test_devices_offer_different_tls(quiet: "Written") -> None:
    hellos = set()
    for _, frame in quiet.frames():
        if frame[12:14] == b"\x08\x00" and frame[23] == 6 and frame[54:57] == b"\x16\x03\x01":
            session = frame[97]
            suites = int.from_bytes(frame[98 + session : 100 + session], "big")
            hellos.add(suites)
    assert len(hellos) >= 6
