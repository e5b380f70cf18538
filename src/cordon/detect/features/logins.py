"""Logins: tries, failures, successes and default credentials between client and server, per step."""

import polars as pl

from cordon.detect.features.sides import owner, without_remote
from cordon.detect.features.talks import PRIVATE
from cordon.detect.state import TRIES, State


def tries_of(state: State, logins: pl.DataFrame, defaults: dict[str, str]) -> pl.DataFrame:
    """The logins of a window; `defaults` maps keyed hashes of known credentials to their user names."""
    if logins.is_empty():
        return pl.DataFrame(schema=TRIES)
    rows = owner(logins, state.bindings, mac="mac", ip="client", into="client_device")
    rows = owner(rows, state.bindings, mac="server_mac", ip="server", into="server_device")
    rows = without_remote(rows, state.devices, "client_device", "client")
    rows = without_remote(rows, state.devices, "server_device", "server")
    used = {secret: defaults[secret] or "(none)" for secret in rows["secret"].unique().to_list() if secret in defaults}
    default = pl.col("secret").replace_strict(used, default="", return_dtype=pl.String)
    remote = (pl.col("client_device") == "") & ~pl.col("client").str.contains(PRIVATE)
    by = ["client_device", "server_device", "client", "server", "port", "service", "tag", "step"]
    return (
        rows.with_columns(
            tag=pl.col("secret").str.slice(0, 4),
            default=pl.when(pl.col("outcome") != "failure").then(default).otherwise(pl.lit("")),
            scope=pl.when(remote).then(pl.lit("internet")).otherwise(pl.lit("local")),
        )
        .group_by(by)
        .agg(
            first=pl.col("time").min(),
            tries=pl.len().cast(pl.Int64),
            failures=(pl.col("outcome") == "failure").sum().cast(pl.Int64),
            successes=(pl.col("outcome") == "success").sum().cast(pl.Int64),
            default=pl.col("default").max(),
            clear=pl.col("clear").any(),
            scope=pl.col("scope").first(),
        )
        .select(*TRIES)
        .sort("step", "first", *by[:-1])
    )
