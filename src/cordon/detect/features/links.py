"""Links: talks without their single flows, for the last hour; what fan-out, port and rate measures count."""

import polars as pl

from cordon.detect.features.memo import nothing
from cordon.detect.state import LINKS
from cordon.model.tables import HOUR, STEP

MOST = 1024
"""Rows kept per device and step: a scan of the whole Internet must not fill the memory."""

CHUNKS = 16
"""Pieces of memory in which rows may lie before they are brought together."""


def links_of(talks: pl.DataFrame) -> pl.DataFrame:
    """The links of talks: one row per device, step, direction, peer and port."""
    tcp = pl.col("proto") == 6
    spoke = pl.col("state").is_in(["open", "closed"]) | (pl.col("payload_in") > 0)
    answered = pl.when(tcp & (pl.col("state") != "partial")).then(spoke).otherwise(pl.col("packets_in") > 0)
    by = ["device", "step", "initiated", "scope", "proto", "port", "peer", "peer_device"]
    if talks.is_empty():
        return nothing(LINKS)
    links = (
        talks.group_by(by)
        .agg(
            first=pl.col("time").min(),
            flows=pl.col("is_first").sum().cast(pl.Int64),
            answered=answered.any(),
            named=(pl.col("name") != "").any(),
            packets_out=pl.col("packets_out").sum(),
            packets_in=pl.col("packets_in").sum(),
            bytes_out=pl.col("bytes_out").sum(),
            bytes_in=pl.col("bytes_in").sum(),
        )
        .select(*LINKS)
        .sort("device", "step", "first", "peer", "port", "proto", "initiated", "scope", "peer_device")
    )
    return links if links.height <= MOST else links.filter(pl.int_range(pl.len()).over("device", "step") < MOST)


def recent(kept: pl.DataFrame, new: pl.DataFrame, begin: int, span: int = HOUR) -> pl.DataFrame:
    """Rows kept plus new ones; what no trailing measure of a step from `begin` on can need is dropped when it pays."""
    if new.is_empty():
        return kept
    if kept.is_empty():
        return new
    oldest = kept["step"].min()
    if isinstance(oldest, int) and oldest < begin - span - span // 4:
        kept = kept.filter(pl.col("step") > begin + STEP - span - STEP)
    joined = pl.concat([kept, new])
    return joined.rechunk() if joined.n_chunks() > CHUNKS else joined
