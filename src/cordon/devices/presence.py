"""When and how much each device spoke."""

from collections.abc import Mapping

import polars as pl

from cordon.devices.rows import LOCAL
from cordon.model.window import Window

PRESENCE = {
    "device": pl.String,
    "first_seen": pl.Int64,
    "last_seen": pl.Int64,
    "packets": pl.Int64,
    "bytes": pl.Int64,
    "steps": pl.Int64,
}
_PLACES = {"place": pl.String, "device": pl.String}


def presence(window: Window, sightings: pl.DataFrame, endpoints: Mapping[str, str]) -> pl.DataFrame:
    """One row for each device that was heard in the window or had traffic in it, in order of device ids.

    `first_seen` and `last_seen` are µs, `packets` and `bytes` count its flows in both directions, `steps` the steps
    in which it spoke itself. Rows of several windows add up (least, greatest, sums).
    """
    arp, flows = window.table("arp"), window.table("flows")
    if sightings.is_empty() and arp.is_empty() and flows.is_empty():
        return pl.DataFrame(schema=PRESENCE)
    places = pl.LazyFrame({"place": list(endpoints), "device": list(endpoints.values())}, schema=_PLACES)
    return (
        pl.concat([_heard(sightings.lazy()), _heard(arp.lazy()), *_flows(flows.lazy())])
        .join(places, on="place")
        .group_by("device")
        .agg(
            pl.col("first").min().alias("first_seen"),
            pl.col("last").max().alias("last_seen"),
            pl.col("packets").sum(),
            pl.col("bytes").sum(),
            pl.col("step").filter(pl.col("spoke")).n_unique().cast(pl.Int64).alias("steps"),
        )
        .sort("device")
        .collect()
    )


def _row(first: pl.Expr, last: pl.Expr, packets: pl.Expr, size: pl.Expr, spoke: pl.Expr) -> list[pl.Expr]:
    return [
        pl.col("step"),
        first.alias("first"),
        last.alias("last"),
        packets.cast(pl.Int64).alias("packets"),
        size.cast(pl.Int64).alias("bytes"),
        spoke.alias("spoke"),
    ]


def _heard(rows: pl.LazyFrame) -> pl.LazyFrame:
    time, nothing = pl.col("time"), pl.lit(0)
    return rows.select(_place("mac"), *_row(time, time, nothing, nothing, pl.lit(True)))


def _place(endpoint: str | pl.Expr) -> pl.Expr:
    return pl.concat_str("segment", endpoint, separator="|").alias("place")


def _flows(flows: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Each flow once for either end; times count for the end that sent, so silence is not taken for life."""
    packets, size = pl.col("packets_out") + pl.col("packets_in"), pl.col("bytes_out") + pl.col("bytes_in")
    ends = []
    for mac, ip, sent in (("src_mac", "src", "packets_out"), ("dst_mac", "dst", "packets_in")):
        spoke = pl.col(sent) > 0
        endpoint = pl.when((pl.col(mac) == "") & pl.col(ip).str.contains(LOCAL)).then(ip).otherwise(mac)
        first, last = (pl.when(spoke).then(name) for name in ("first", "last"))
        ends.append(flows.select(_place(endpoint), *_row(first, last, packets, size, spoke)))
    return ends[0], ends[1]
