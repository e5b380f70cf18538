"""Logs that tell logins: ftp, ssh."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import LINE, complete, number, text
from cordon.sources.zeek.rows import ended

MOST_TRIES: Final = 16
"""Rows that one SSH connection yields: servers allow six tries or so, a damaged count a great many."""


def ftp(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """One login for each connection: the log repeats the user on every command."""
    rows = ended(rows, context, damage, "ftp", place).with_columns(
        user=text("user"), password=text("password"), reply=number("reply_code")
    )
    failed = (pl.col("reply") == 530).all()  # RFC 959: not logged in
    worked = pl.col("reply").is_between(100, 399).any()
    logins = (
        rows.filter(~pl.col("user").is_in(["", "<unknown>"]))
        .sort("time", LINE)
        .group_by("flow", "user", "password", maintain_order=True)
        .agg(
            pl.col("time", "segment", "client", "server", "port").first(),
            outcome=pl.when(failed).then(pl.lit("failure")).when(worked).then(pl.lit("success")).otherwise(pl.lit("")),
        )
        .with_columns(service=pl.lit("ftp"), clear=pl.lit(True))
    )
    return {"logins": complete("logins", context.secrets(logins))}


def ssh(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """One login for each try; all but the last of them failed."""
    rows = rows.rename({"client": "client_banner", "server": "server_banner"})
    rows = ended(rows, context, damage, "ssh", place).with_columns(success=text("auth_success").str.to_lowercase())
    tries = pl.max_horizontal(number("auth_attempts"), 1).clip(1, MOST_TRIES)
    good, bad = pl.col("success").is_in(["t", "true"]), pl.col("success").is_in(["f", "false"])
    each = rows.with_columns(tries=pl.when(good | bad).then(tries).otherwise(1))
    each = each.with_columns(at=pl.int_ranges("tries")).explode("at", empty_as_null=False)
    outcome = pl.when(bad | (good & (pl.col("at") < pl.col("tries") - 1))).then(pl.lit("failure")).when(good)
    logins = each.with_columns(
        service=pl.lit("ssh"), outcome=outcome.then(pl.lit("success")).otherwise(pl.lit("")), clear=pl.lit(False)
    )
    banners = [
        rows.filter(text(f"{side}_banner") != "").select(
            "time", "segment", ip=side, field=pl.lit("ssh.banner"), value=f"{side}_banner"
        )
        for side in ("client", "server")
    ]
    banners += [
        rows.filter(text(print_) != "").select(
            "time", "segment", ip=side, field=pl.lit("ssh.hassh"), value=pl.format(f"{side}:{{}}", print_)
        )
        for side, print_ in (("client", "hassh"), ("server", "hasshServer"))
    ]
    return {
        "logins": complete("logins", logins),
        "sightings": pl.concat([complete("sightings", banner) for banner in banners]),
    }
