"""Sightings made ready: damaged values mended, addresses classed, what cannot matter left out."""

import ipaddress
from typing import Final

import polars as pl

from cordon.model.tables import STEP

LONGEST: Final = 256  # characters of a value that are looked at

LOCAL: Final = r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|fe[89ab][0-9a-f]:|f[cd][0-9a-f]{2}:)"
"""RFC 1918, link-local (RFC 3927, RFC 4291) and unique local addresses (RFC 4193)."""
_NOBODY: Final = r"^(|0\..*|127\..*|22[4-9]\..*|23\d\..*|2[45]\d\..*|::1?|ff[0-9a-f]{2}:.*)$"
_MAC: Final = r"^[0-9a-f][02468ace]:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}$"
_CONTROL: Final = r"[\x00-\x1f\x7f]"
ADDRESSES: Final = ("ip", "ip.source")


def is_local(ip: str) -> bool:
    """True for addresses that are never routed on the internet."""
    return ip.startswith(("10.", "192.168.", "169.254.", "fe8", "fe9", "fea", "feb", "fc", "fd")) or (
        ip.startswith("172.") and ip[4:6].isdigit() and ip[6:7] == "." and 16 <= int(ip[4:6]) <= 31
    )


def network_of(ip: str) -> str:
    """The address, or for IPv6 its /64: hosts change the rest of theirs at will (RFC 8981)."""
    if ":" not in ip:
        return ip
    try:
        return str(ipaddress.IPv6Network((ip, 64), strict=False))
    except ValueError:
        return ip


def prepare(sightings: pl.DataFrame, begin: int) -> pl.DataFrame:
    """Rows of endpoints that can be devices, in canonical order, with the column `scope` of their address.

    `scope` is local, remote or "" (no address of a host). Where the source knows no MAC addresses, a local address
    stands for its endpoint, and so does a public one of the site, which the source puts in the place of its MAC.
    Late rows count for the step that begins at `begin`.
    """
    if sightings.is_empty():
        return sightings.clear().with_columns(scope=pl.lit(""))
    scope = (
        pl.when(pl.col("ip").str.contains(_NOBODY))
        .then(pl.lit(""))
        .when(pl.col("ip").str.contains(LOCAL) | (pl.col("ip") == pl.col("mac")))
        .then(pl.lit("local"))
        .otherwise(pl.lit("remote"))
    )
    return (
        sightings.lazy()
        .with_columns(
            scope=scope,
            step=pl.col("step").clip(lower_bound=begin // STEP * STEP),
            value=pl.col("value").str.slice(0, LONGEST).str.replace_all(_CONTROL, " "),
        )
        .with_columns(
            mac=pl.when((pl.col("mac") == "") & (pl.col("scope") == "local")).then("ip").otherwise("mac"),
        )
        .filter(
            (pl.col("mac").str.contains(_MAC) & (pl.col("mac") != "00:00:00:00:00:00"))
            | ((pl.col("mac") == pl.col("ip")) & (pl.col("scope") == "local"))
        )
        .sort("step", "time", "segment", "mac", "ip", "field", "value")
        .collect()
    )
