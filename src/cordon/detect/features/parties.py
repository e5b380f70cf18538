"""Parties: whose devices stand at both ends of what was asked over the web, of a controller, or for a file."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from cordon.detect.state import State
from cordon.model.sides import End, owners
from cordon.model.tables import STEP

if TYPE_CHECKING:
    from cordon.detect.features import Features


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


@dataclass(frozen=True, slots=True)
class Party:
    """Of whom something is told that was asked: of the one that asked, where it is ours, else of the one it asked."""

    device: str
    other: str  # device at the other end, or ""
    asks: bool
    peer: str  # address of the other end


def party_of(row: dict[str, Any]) -> Party | None:
    """Of whom a row with both ends is told; None where neither is ours."""
    client, server = row["client_device"], row["server_device"]
    if not (client or server):
        return None
    return Party(client or server, server if client else "", bool(client), row["server"] if client else row["client"])


def rows_of(seen: "Features", table: str, row: dict[str, Any], party: Party) -> tuple[tuple[str, str], ...]:
    """What selects the party's own rows of a table between the two ends of `row`, in its step."""
    ends = {"mac": "mac", "ip": "client"} if party.asks else {"mac": "server_mac", "ip": "server"}
    such = (pl.col("client") == row["client"]) & (pl.col("server") == row["server"])
    return seen.selector(table, party.device, row["step"], **ends, such=such)
