"""Claims: who says by ARP that an address is theirs, and who asks for whose."""

import polars as pl

from cordon.detect.features.sides import owner
from cordon.detect.state import ASKED, CLAIMS, State

VIRTUAL = r"^(00:00:5e:00:0[12]|00:00:0c:07:ac|00:00:0c:9f:f)"
"""MAC addresses that routers share by design: VRRP (RFC 9568), CARP, HSRP."""


def claims_of(state: State, arp: pl.DataFrame) -> pl.DataFrame:
    """Claims of addresses, per claimant and step; `replies` counts answers, asked for or not."""
    own = arp.filter(
        ~pl.col("sender_ip").is_in(["", "0.0.0.0"])  # noqa: S104  # an address on the wire, nothing is bound
        & ~pl.col("sender_mac").str.contains(VIRTUAL)
    )
    if own.is_empty():
        return pl.DataFrame(schema=CLAIMS)
    own = owner(own, state.bindings.filter(pl.col("endpoint").str.contains(":")), mac="mac", ip="mac", into="device")
    return (
        own.filter(pl.col("device") != "")
        .group_by("segment", pl.col("sender_ip").alias("ip"), "device", "step")
        .agg(first=pl.col("time").min(), replies=(pl.col("operation") == "reply").sum().cast(pl.Int64))
        .select(*CLAIMS)
        .sort("segment", "ip", "device", "step")
    )


def asked_of(state: State, arp: pl.DataFrame) -> pl.DataFrame:
    """Addresses asked for by ARP, per asker and step."""
    asks = arp.filter((pl.col("operation") == "request") & (pl.col("target_ip") != pl.col("sender_ip")))
    if asks.is_empty():
        return pl.DataFrame(schema=ASKED)
    asks = owner(asks, state.bindings.filter(pl.col("endpoint").str.contains(":")), mac="mac", ip="mac", into="device")
    return (
        asks.filter(pl.col("device") != "")
        .group_by("segment", "device", pl.col("target_ip").alias("ip"), "step")
        .agg(first=pl.col("time").min())
        .select(*ASKED)
        .sort("device", "step", "segment", "ip")
        .filter(pl.int_range(pl.len()).over("device", "step") < 1024)
    )
