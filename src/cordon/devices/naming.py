"""Rows that name an address alone, as those of logs do, get the MAC address that owns it: so they are a device's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from cordon.devices.state import Owner
from cordon.model.tables import STEP
from cordon.model.window import Window

_ENDS: Final = {
    "logins": (("mac", "client"), ("server_mac", "server")),
    "health": (("mac", "ip"),),
    "alerts": (("src_mac", "src"), ("dst_mac", "dst")),
}
"""The tables that logs fill, with the columns of a MAC address and of the IP address it belongs to."""


def with_macs(window: Window, owners: Mapping[str, Owner]) -> Window:
    """The window with the MAC addresses that owned the addresses of its rows, where these carry none; `owners` is by
    segment and address. An owner counts from the step on in which it was first heard with the address."""
    tables = dict(window.tables)
    for name, ends in _ENDS.items():
        if name in tables and not tables[name].is_empty():
            tables[name] = _named(tables[name], ends, owners)
    return (
        window if all(tables[name] is rows for name, rows in window.tables.items()) else replace(window, tables=tables)
    )


def _named(rows: pl.DataFrame, ends: tuple[tuple[str, str], ...], owners: Mapping[str, Owner]) -> pl.DataFrame:
    for mac, ip in ends:
        bare = rows.filter((pl.col(mac) == "") & (pl.col(ip) != ""))
        if bare.is_empty():
            continue
        keys = bare.select(key=pl.format("{}|{}", "segment", ip))["key"].unique()
        known = {key: owners[key] for key in keys if key in owners}
        if not known:
            continue
        at = pl.format("{}|{}", "segment", ip)
        since = at.replace_strict({key: one.since for key, one in known.items()}, default=None, return_dtype=pl.Int64)
        owner = at.replace_strict({key: one.mac for key, one in known.items()}, default="", return_dtype=pl.String)
        held = (pl.col(mac) == "") & (since < pl.col("step") + STEP)
        rows = rows.with_columns(pl.when(held).then(owner).otherwise(pl.col(mac)).alias(mac))
    return rows
