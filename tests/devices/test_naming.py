"""Rows of logs that name an address alone become a device's, from when on that was known to have the address."""

import polars as pl

from cordon import devices
from cordon.devices.naming import with_macs
from cordon.devices.state import Owner
from cordon.model.facts import Facts
from cordon.model.tables import STEP, TABLES, plain_row
from cordon.model.window import Window

CAMERA = "aa:bb:cc:00:11:22"


def rows(table: str, *told: dict[str, object]) -> pl.DataFrame:
    made = [plain_row(table) | {"segment": "lan", "step": STEP, "time": STEP} | one for one in told]
    return pl.DataFrame(made, schema=TABLES[table], orient="row")


def test_an_address_gets_the_mac_that_has_it_and_others_stay_as_they_are() -> None:
    logins = rows(
        "logins",
        {"client": "10.0.0.5", "server": "10.0.0.6"},
        {"client": "10.0.0.5", "mac": "02:00:00:00:00:09"},
        {"client": "10.0.0.5", "segment": "lan.12"},
        {"client": "10.0.0.5", "step": 0},
        {"client": "203.0.113.5"},
    )
    owners = {"lan|10.0.0.5": Owner(CAMERA, True, STEP, STEP)}
    window = with_macs(Window("site", 0, STEP, {"logins": logins}), owners)
    assert window.table("logins")["mac"].to_list() == [CAMERA, "02:00:00:00:00:09", "", "", ""]
    assert window.table("logins")["server_mac"].to_list() == [""] * 5


def test_what_needs_no_name_stays_the_same_window() -> None:
    window = Window("site", 0, STEP, {"flows": rows("flows")})
    assert with_macs(window, {}) is window


def test_the_stage_hands_on_rows_with_the_macs_it_knows() -> None:
    told = {"mac": CAMERA, "ip": "10.0.0.5", "field": "ip", "value": "arp"}
    tables = {"sightings": rows("sightings", told), "logins": rows("logins", {"server": "10.0.0.5"}),
              "health": rows("health", {"ip": "10.0.0.5"})}  # fmt: skip
    state, facts = devices.step(devices.State(), Facts(Window("site", STEP, 2 * STEP, tables)))
    assert facts.window.table("logins")["server_mac"].to_list() == [CAMERA]
    assert facts.window.table("health")["mac"].to_list() == [CAMERA]
    late = Window("site", 2 * STEP, 3 * STEP, {"logins": rows("logins", {"client": "10.0.0.5", "step": 2 * STEP})})
    assert devices.step(state, Facts(late))[1].window.table("logins")["mac"].to_list() == [CAMERA]
