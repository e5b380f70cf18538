"""Talks as a policy sees them: one row per flow, with what an allowance is about."""

from collections.abc import Sequence
from typing import Final

import polars as pl

Span = tuple[int, int]
"""Begin (inclusive) and end (exclusive), µs."""

PROTOCOLS: Final = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmp"}
"""IANA numbers of the protocols that allowances call by name; ICMP stands for both versions."""

FAILED: Final = ("opening", "refused")
"""States of TCP in which nothing was exchanged."""


def flows_of(talks: pl.DataFrame | pl.LazyFrame, device: str, spans: Sequence[Span] = ()) -> pl.DataFrame:
    """One row per flow of that device, sorted by its first packet.

    Columns: ``flow, first, last, direction, scope, peer, peer_device, name, proto, port, service, failed,
    suspicious``. The name and service are those known by the flow's end. `failed`: a TCP opening that was not
    answered, or refused. `suspicious`: the flow began within one of the `spans`.
    """
    mine = talks.lazy().filter(pl.col("device") == device).sort("step", "time", "flow")
    proto = pl.col("proto").replace_strict(PROTOCOLS, default=pl.col("proto").cast(pl.String), return_dtype=pl.String)
    has_ports = pl.col("proto").is_in([6, 17, 132])
    flows = mine.group_by("flow", maintain_order=True).agg(
        pl.col("time").min().alias("first"),
        pl.col("time").max().alias("last"),
        pl.when(pl.col("initiated").first()).then(pl.lit("out")).otherwise(pl.lit("in")).alias("direction"),
        *(pl.col(column).first() for column in ("scope", "peer")),
        pl.col("peer_device").max(),
        pl.col("name").max(),
        pl.col("proto").first(),
        pl.col("port").first().cast(pl.Int64),
        pl.col("service").max(),
        pl.col("state").is_in(FAILED).all().alias("failed"),
    )
    flows = flows.with_columns(
        proto.alias("proto"),
        pl.when(has_ports).then(pl.col("port")).otherwise(0).alias("port"),
        _within(spans).alias("suspicious"),
    )
    return flows.sort("first", "flow").collect()


def _within(spans: Sequence[Span]) -> pl.Expr:
    if not spans:
        return pl.lit(False)
    return pl.any_horizontal([(pl.col("first") >= begin) & (pl.col("first") < end) for begin, end in spans])
