"""Talks: one row per flow, step and local device, with the peer as the device knows it."""

from functools import cache

import polars as pl

from cordon.detect.state import State
from cordon.model.facts import TALKS
from cordon.model.memo import remembered
from cordon.model.regrid import one_row_a_step
from cordon.model.sides import PRIVATE, End, owners

MULTICAST = r"^(22[4-9]|23\d)\.|^ff[0-9a-f]{2}:"
NUMBER = r"^\d+\.\d+\.\d+\.\d+(:\d+)?$|^\[?[0-9a-f]*:[0-9a-f:]+\]?"
"""A web server that is called by number is asked for that number: no name."""
SUMS = ["packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in"]


def talks_of(flows: pl.DataFrame, state: State) -> pl.DataFrame:
    """The talks of flow rows, `name` not looked up yet, and `began` of their flows; sorted canonically."""
    rows = _once_a_step(flows)
    ends = {"src_device": End("src_mac", "src"), "dst_device": End("dst_mac", "dst")}
    rows = _without_passers(owners(rows, state.bindings, state.devices, ends), state)
    both = pl.concat(
        rows.filter(pl.col(f"{end}_device") != "").select(_side(opener=end == "src")) for end in ("src", "dst")
    )
    return both.sort("step", "time", "flow", "initiated")


def _without_passers(rows: pl.DataFrame, state: State) -> pl.DataFrame:
    """Takes a public address that talks with a private one from the device whose MAC it came with: that is a router,
    even where it has not shown itself as one yet. Addresses that somebody here has made known as his own stay."""
    if rows.is_empty():
        return rows
    private = {end: pl.col(end).str.contains(PRIVATE) for end in ("src", "dst")}
    own = _public_of(state.devices)
    afar = {
        end: ~private[end] & private[other] & ~pl.col(end).str.contains(":") & ~pl.col(end).is_in(own)
        for end, other in (("src", "dst"), ("dst", "src"))
    }
    return rows.with_columns(
        pl.when(afar[end]).then(pl.lit("")).otherwise(f"{end}_device").alias(f"{end}_device") for end in afar
    )


@remembered
def _public_of(devices: pl.DataFrame) -> list[str]:
    held = devices["ips"].explode(empty_as_null=False).unique()
    return sorted(held.filter(~held.str.contains(PRIVATE)).to_list())


def _once_a_step(flows: pl.DataFrame) -> pl.DataFrame:
    """Flow rows of which no two are of the same flow and step: they may be cut finer."""
    if not one_row_a_step(flows):
        latest = ["state", "service", "name"]
        rest = ["segment", "began", "src_mac", "dst_mac", "src", "dst", "src_port", "dst_port", "proto", "opener_known"]
        flows = (
            flows.sort("first", "last")
            .group_by("flow", "step", maintain_order=True)
            .agg(
                pl.col(rest).first(),
                pl.col("is_first").any(),
                pl.col("first").min(),
                pl.col("last").max(),
                pl.col(SUMS).sum(),
                *(pl.col(name).filter(pl.col(name) != "").last().fill_null("") for name in latest),
            )
        )
    return flows


@cache
def _side(*, opener: bool) -> tuple[pl.Expr, ...]:
    """The columns of a talk as one end of a flow sees it."""
    own, other = ("src", "dst") if opener else ("dst", "src")
    out, into = ("out", "in") if opener else ("in", "out")
    peer, mac = pl.col(other), pl.col(f"{other}_mac")
    scope = (
        pl.when(peer.str.contains(MULTICAST))
        .then(pl.lit("multicast"))
        .when((peer == "255.255.255.255") | (mac == "ff:ff:ff:ff:ff:ff"))
        .then(pl.lit("broadcast"))
        .when((pl.col(f"{other}_device") != "") | peer.str.contains(PRIVATE))
        .then(pl.lit("local"))
        .otherwise(pl.lit("internet"))
    )
    named = (opener | (scope == "internet")) & ~pl.col("name").str.contains(NUMBER)
    columns = {
        "time": pl.col("first"),
        "device": pl.col(f"{own}_device"),
        "peer": peer,
        "peer_device": pl.col(f"{other}_device"),
        "name": pl.when(named).then(pl.col("name")).otherwise(pl.lit("")),
        "scope": scope,
        "initiated": pl.lit(opener),
        "port": pl.col("dst_port"),
    }
    columns |= {f"{what}_out": pl.col(f"{what}_{out}") for what in ("packets", "bytes", "payload")}
    columns |= {f"{what}_in": pl.col(f"{what}_{into}") for what in ("packets", "bytes", "payload")}
    every = (*TALKS, "began", "last", "opener_known", "segment")
    return tuple(columns.get(name, pl.col(name)).alias(name) for name in every)
