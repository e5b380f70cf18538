"""Parties: whose devices stand at both ends of what was asked over the web, of a controller, or for a file."""

import polars as pl

from cordon.detect.state import State
from cordon.model.sides import End, owners
from cordon.model.tables import STEP


def parties(state: State, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `client_device` and `server_device`, "" where an end is none of ours.

    Where a table does not tell the server's MAC, its device is the one that is known to have the address.
    """
    ends = {"client_device": End("mac", "client")}
    if "server_mac" in rows.columns:
        ends["server_device"] = End("server_mac", "server")
    rows = owners(rows, state.bindings, state.devices, ends)
    if "server_mac" in rows.columns:
        return rows
    if rows.is_empty():
        return rows.with_columns(server_device=pl.lit(""))
    held = state.devices.select("time", server_device="device", server="ips").explode("server", empty_as_null=False)
    asked = rows.with_columns(at=pl.col("step") + STEP, row=pl.int_range(pl.len())).sort("at", maintain_order=True)
    found = asked.join_asof(
        held.sort("time"), left_on="at", right_on="time", by="server", check_sortedness=False, suffix="_known"
    )
    return found.sort("row").select(*rows.columns, pl.col("server_device").fill_null(""))
