"""Whom a device talks to, summed up from the recorded traffic."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.server.console.drawing import organisation
from cordon.store import Store

MOST: Final = 300
SERVICES: Final = 3
ADDRESS: Final = r"^(\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:.]*)$"


@dataclass(frozen=True, slots=True)
class Peer:
    """One other end: a device, or a place by its name, else by its address."""

    device: str
    name: str
    address: str
    services: tuple[str, ...]  # the main ones, by bytes
    more: int  # other services
    flows: int
    sent: int
    received: int
    last: int
    is_unusual: bool = False


def peers(store: Store, device: str, unusual: Set[str] = frozenset()) -> tuple[Peer, ...]:
    """The other ends of a device: those that `unusual` names (as the map does) first, then by bytes."""
    found = [_peer(row, unusual) for row in _summed(store, device).iter_rows(named=True)]
    return tuple(sorted(found, key=lambda peer: not peer.is_unusual))


def _peer(row: dict[str, object], unusual: Set[str]) -> Peer:
    device, name, address = str(row["peer_device"]), str(row["called"]), str(row["peer"])
    end = device or f"place:{organisation(name, address)}"
    services = row["services"] if isinstance(row["services"], list) else []
    return Peer(
        device=device,
        name=name,
        address=address,
        services=tuple(services[:SERVICES]),
        more=max(0, len(services) - SERVICES),
        flows=int(str(row["flow"])),
        sent=int(str(row["bytes_out"])),
        received=int(str(row["bytes_in"])),
        last=int(str(row["time"])),
        is_unusual=bool({end, f"place:{address}"} & unusual),
    )


def _summed(store: Store, device: str) -> pl.DataFrame:
    """A row for each other end, the largest first."""
    called = pl.when(pl.col("name").str.contains(ADDRESS)).then(pl.lit("")).otherwise(pl.col("name")).alias("called")
    whom = (
        pl.when(pl.col("peer_device") != "")
        .then(pl.col("peer_device"))
        .when(pl.col("called") != "")
        .then(pl.col("called"))
        .otherwise(pl.col("peer"))
        .alias("whom")
    )
    what = (
        pl.when(pl.col("service") != "")
        .then(pl.col("service"))
        .when(pl.col("ports") > 1)
        .then(pl.concat_str(pl.col("ports"), pl.lit(" ports")))
        .otherwise(pl.concat_str(pl.lit("port "), pl.col("port")))
        .alias("services")
    )
    octets = pl.col("bytes_out") + pl.col("bytes_in")
    return (
        store.history("talks")
        .filter((pl.col("device") == device) & pl.col("scope").is_in(["internet", "local"]))
        .with_columns(called)
        .with_columns(whom)
        .group_by("whom", "service")
        .agg(
            pl.col("peer_device").first(),
            pl.col("called").max(),
            pl.col("peer").min(),
            pl.col("port").min(),
            pl.col("port").n_unique().alias("ports"),
            pl.col("flow").n_unique(),
            pl.col("bytes_out", "bytes_in").sum(),
            pl.col("time").max(),
        )
        .with_columns(what)
        .sort(octets, "whom", "services", descending=[True, False, False])
        .group_by("whom", maintain_order=True)
        .agg(
            pl.col("peer_device").first(),
            pl.col("called").max(),
            pl.col("peer").min(),
            pl.col("services"),
            pl.col("flow", "bytes_out", "bytes_in").sum(),
            pl.col("time").max(),
        )
        .sort(octets, "whom", descending=[True, False])
        .head(MOST)
        .collect()
    )
