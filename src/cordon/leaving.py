"""What leaves a device for the Internet: to whom, which organisation and country where known, and how enciphered."""

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from cordon.detect.data.suffixes import organisation
from cordon.exposure.data.places import country_of
from cordon.exposure.trackers import tracker_of
from cordon.model.addresses import is_address
from cordon.model.decision import Profile
from cordon.store import Store

PERSONAL: Final = frozenset({"phone", "wearable"})
"""What people carry: where it goes is theirs, and shown to those who ask for it alone."""
ENCIPHERED: Final = frozenset({"tls", "quic", "dtls", "ssh"})
MOST: Final = 500
_SAYS: Final = {(True, False): "enciphered", (False, True): "in clear", (True, True): "partly"}


@dataclass(frozen=True, slots=True)
class Place:
    """One host on the Internet that a device talked to. What is not known is ""."""

    host: str  # by its name, else its address
    organisation: str
    country: str
    enciphered: str  # "enciphered", "in clear", "partly"; "" where the protocol is not known
    tracker: str  # what it measures, where it is known to
    services: tuple[str, ...]
    flows: int
    sent: int
    received: int
    last: int  # µs


def leaving(store: Store, device: str) -> tuple[Place, ...]:
    """The hosts on the Internet that a device talked to, those that got the most of it first."""
    called = pl.when(pl.col("name") != "").then(pl.col("name").str.to_lowercase()).otherwise(pl.col("peer"))
    rows = (
        store.history("talks")
        .filter((pl.col("device") == device) & (pl.col("scope") == "internet") & (pl.col("peer_device") == ""))
        .group_by(called.alias("host"))
        .agg(
            pl.col("service").unique().sort(),
            pl.col("flow").n_unique(),
            pl.col("bytes_out", "bytes_in").sum(),
            pl.col("time").max(),
        )
        .sort("bytes_out", "host", descending=[True, False])
        .head(MOST)
        .collect()
    )
    return tuple(_place(*row) for row in rows.iter_rows())


def without_places(profile: Profile) -> Profile:
    """A profile without the names of places on the Internet: what others may see of somebody's own telephone."""
    kept = tuple(one for one in profile.allowances if one.peer or not (one.name or one.network))
    return replace(profile, allowances=kept, left_out=tuple(one for one in profile.left_out if one.peer))


def _place(host: str, services: list[str], flows: int, sent: int, received: int, last: int) -> Place:
    known = [service for service in services if service and service != "dns"]
    safe = any(service in ENCIPHERED for service in known)
    clear = any(service not in ENCIPHERED for service in known)
    is_name, tracker = not is_address(host), tracker_of(host)
    return Place(
        host=host,
        organisation=tracker.owner if tracker else organisation(host) if is_name else "",
        country=country_of(host) if is_name else "",
        enciphered=_SAYS.get((safe, clear), ""),
        tracker=tracker.what if tracker else "",
        services=tuple(one for one in services if one),
        flows=flows,
        sent=sent,
        received=received,
        last=last,
    )
