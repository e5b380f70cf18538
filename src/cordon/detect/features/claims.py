"""Claims: who says by ARP that an address is theirs, and who asks for whose."""

import polars as pl

from cordon.detect.state import ASKED, CLAIMS, State
from cordon.model.memo import nothing
from cordon.model.sides import owner

VIRTUAL = r"^(00:00:5e:00:0[12]|00:00:0c:07:ac|00:00:0c:9f:f)"
"""MAC addresses that routers share by design: VRRP (RFC 9568), CARP, HSRP."""

MOST = 1024
"""Addresses kept that a device asked for within a step."""


def speakers(state: State, arp: pl.DataFrame) -> pl.DataFrame:
    """The rows of ARP with the `device` that sent them; rows of nobody's are left out."""
    if arp.is_empty():
        return arp.with_columns(device=pl.lit(""))
    return owner(arp, state.bindings, mac="mac", into="device").filter(pl.col("device") != "")


def claims_of(arp: pl.DataFrame) -> pl.DataFrame:
    """Claims of addresses, per claimant and step, of rows from `speakers`; `replies` counts answers, asked or not."""
    own = arp if arp.is_empty() else arp.filter(
        ~pl.col("sender_ip").is_in(["", "0.0.0.0"])  # noqa: S104  # an address on the wire, nothing is bound
        & ~pl.col("sender_mac").str.contains(VIRTUAL)
    )  # fmt: skip
    if own.is_empty():
        return nothing(CLAIMS)
    return (
        own.group_by("segment", pl.col("sender_ip").alias("ip"), "device", "step")
        .agg(first=pl.col("time").min(), replies=(pl.col("operation") == "reply").sum().cast(pl.Int64))
        .sort("segment", "ip", "device", "step")
    )


def asked_of(arp: pl.DataFrame) -> pl.DataFrame:
    """Addresses asked for by ARP, per asker and step, of rows from `speakers`."""
    asks = arp if arp.is_empty() else arp.filter(
        (pl.col("operation") == "request") & (pl.col("target_ip") != pl.col("sender_ip"))
    )  # fmt: skip
    if asks.is_empty():
        return nothing(ASKED)
    asked = (
        asks.group_by("segment", "device", pl.col("target_ip").alias("ip"), "step")
        .agg(first=pl.col("time").min())
        .sort("device", "step", "segment", "ip")
    )
    return asked if asked.height <= MOST else asked.filter(pl.int_range(pl.len()).over("device", "step") < MOST)
