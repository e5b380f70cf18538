"""What leaves for the Internet in clear: the same for all checks of HTTP."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.exposure.sight import Sight
from cordon.model.finding import Rows
from cordon.model.tables import STEP

UPDATE: Final = r"(?i)firmware|/fota|/ota[/._-]|sysupgrade|upgrade|[/_-]update|\.(bin|img|fw|swu|trx|rbf|fwu)$"
"""Paths that speak of an update."""
LOOKS: Final = r"(?i)connectivity|connecttest|generate_204|gen_204|captive|ncsi|success\.txt|hotspot-detect|\.crl$|ocsp"
"""Hosts and paths by which devices see whether the Internet is there, or whether a certificate was called back."""
MOST_NAME: Final = 100


def in_clear(seen: Sight, such: pl.Expr) -> Iterator[tuple[dict[str, Any], bool]]:
    """Requests in clear that devices sent to the Internet and for which `such` holds, one of each device, host and
    step; and, marked True, that a device talked to a host over TLS."""
    look = pl.col("path").str.contains(LOOKS) | pl.col("host").str.contains(LOOKS)
    asked = seen.http.filter(
        ~pl.col("is_response") & (pl.col("client_device") != "") & (pl.col("scope") == "internet") & ~look & such
    ).with_columns(host=_host())  # fmt: skip
    rows = (
        asked.group_by("client_device", "host", "step")
        .agg(pl.col("segment", "mac", "path").first(), first=pl.col("time").min())
        .rename({"client_device": "device"})
        .sort("step", "device", "host")
    )
    for row in seen.with_kind(rows).iter_rows(named=True):
        where = (("segment", row["segment"]), ("mac", row["mac"]))
        yield row | {"rows": Rows("http", row["step"], row["step"] + STEP, where)}, False
    enciphered = seen.talks.filter(
        pl.col("initiated") & (pl.col("service") == "tls") & (pl.col("scope") == "internet") & (pl.col("name") != "")
    )
    names = (
        enciphered.select("device", "step", host=pl.col("name").str.slice(0, MOST_NAME)).unique().sort("step", "device")
    )
    for row in seen.with_kind(names).iter_rows(named=True):
        yield row, True


def _host() -> pl.Expr:
    """The name asked for, without its port; the address where there is none."""
    name = pl.col("host").str.replace(r":\d+$", "").str.to_lowercase().str.slice(0, MOST_NAME)
    return pl.when(name == "").then(pl.col("server")).otherwise(name)
