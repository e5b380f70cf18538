"""Links: talks without their single flows, for the last hour; what fan-out, port and rate measures count."""

import polars as pl

from cordon.detect.features.trailing import key
from cordon.detect.state import LINKS
from cordon.model.memo import nothing
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
    counts = ("packets_out", "packets_in", "bytes_out", "bytes_in")
    ones = talks.select(
        *by,
        *counts,
        first="time",
        flows=pl.col("is_first").cast(pl.Int64),
        answered=answered,
        named=pl.col("name") != "",
    )
    several = ones.select(key(by).is_duplicated()).to_series()
    if several.any():  # most links of a scan are of one talk: to group those costs much and joins nothing
        joined = (
            ones.filter(several)
            .group_by(by, maintain_order=True)
            .agg(pl.col("first").min(), pl.col("flows", *counts).sum(), pl.col("answered", "named").any())
        )
        ones = pl.concat([ones.filter(~several).select(*LINKS), joined.select(*LINKS)])
    links = ones.select(*LINKS).sort("device", "step", "first", maintain_order=True)  # talks are in order already
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
