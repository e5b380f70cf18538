"""Logins: tries, failures, successes and default credentials between client and server, per step."""

import polars as pl

from cordon.detect.state import TRIES, State
from cordon.model.memo import nothing
from cordon.model.sides import PRIVATE, End, owners


def tries_of(state: State, logins: pl.DataFrame, defaults: dict[str, str]) -> pl.DataFrame:
    """The logins of a window; `defaults` maps keyed hashes of known credentials to their user names."""
    if logins.is_empty():
        return nothing(TRIES)
    ends = {"client_device": End("mac", "client"), "server_device": End("server_mac", "server")}
    rows = owners(logins, state.bindings, state.devices, ends)
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
