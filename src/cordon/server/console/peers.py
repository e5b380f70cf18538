"""Whom a device talks to, summed up from the recorded traffic."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.store import Store

MOST: Final = 25


@dataclass(frozen=True, slots=True)
class Peer:
    """One other end and one service."""

    device: str
    name: str
    address: str
    service: str
    flows: int
    sent: int
    received: int
    last: int


def peers(store: Store, device: str) -> tuple[Peer, ...]:
    """The other ends of a device with the most bytes."""
    frame = (
        store.history("talks")
        .filter((pl.col("device") == device) & pl.col("scope").is_in(["internet", "local"]))
        .with_columns(
            pl.when(pl.col("peer_device") != "")
            .then(pl.col("peer_device"))
            .when(pl.col("name") != "")
            .then(pl.col("name"))
            .otherwise(pl.col("peer"))
            .alias("whom"),
        )
        .group_by("whom", "service")
        .agg(
            pl.col("peer_device").first(),
            pl.col("name").max(),
            pl.col("peer").min(),
            pl.col("port").min(),
            pl.col("port").n_unique().alias("ports"),
            pl.col("flow").n_unique(),
            pl.col("bytes_out").sum(),
            pl.col("bytes_in").sum(),
            pl.col("time").max(),
        )
        .with_columns(
            pl.when(pl.col("service") != "")
            .then(pl.col("service"))
            .when(pl.col("ports") > 1)
            .then(pl.concat_str(pl.col("ports"), pl.lit(" ports")))
            .otherwise(pl.concat_str(pl.lit("port "), pl.col("port")))
            .alias("what")
        )
        .sort(pl.col("bytes_out") + pl.col("bytes_in"), "whom", "what", descending=[True, False, False])
        .head(MOST)
        .select("peer_device", "name", "peer", "what", "flow", "bytes_out", "bytes_in", "time")
        .collect()
    )
    return tuple(Peer(*row) for row in frame.iter_rows())
