"""Events that tell logins and those who greet: ssh, ftp."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import LINE, complete, text
from cordon.sources.reports import TEXTS
from cordon.sources.suricata.rows import ended, unnested

SSH_SIDE: Final = pl.Struct(
    {"proto_version": pl.String, "software_version": pl.String, "hassh": pl.Struct({"hash": pl.String})}
)


def ssh(rows: pl.DataFrame, _: Context) -> Rows:
    rows = unnested(ended(rows), "ssh")
    told = []
    for side, owner in (("client", "mac"), ("server", "server_mac")):
        half = pl.col(f"ssh_{side}").struct
        banner = pl.format("SSH-{}-{}", half.field("proto_version"), half.field("software_version"))
        each = rows.select("time", "segment", mac=owner, ip=side, field=pl.lit("ssh.banner"), value=banner)
        told.append(complete("sightings", each.filter(pl.col("value").is_not_null())))
        print_ = pl.format(f"{side}:{{}}", half.field("hassh").struct.field("hash"))
        each = rows.select("time", "segment", mac=owner, ip=side, field=pl.lit("ssh.hassh"), value=print_)
        told.append(complete("sightings", each.filter(pl.col("value").is_not_null())))
    return {"sightings": pl.concat(told)}


FTP: Final = pl.Struct({"command": pl.String, "command_data": pl.String, "completion_code": TEXTS})


def ftp(rows: pl.DataFrame, context: Context) -> Rows:
    """A login for each PASS; the user is the one that the connection named last before it."""
    rows = unnested(ended(rows), "ftp").sort("flow", "time", LINE)
    code = pl.col("ftp_completion_code").list.last()
    rows = rows.with_columns(
        user=pl.when(pl.col("ftp_command") == "USER")
        .then(text("ftp_command_data"))
        .forward_fill()
        .over("flow")
        .fill_null(""),
        password=text("ftp_command_data"),
        service=pl.lit("ftp"),
        clear=pl.lit(True),
        outcome=pl.when(code == "230")
        .then(pl.lit("success"))
        .when(code == "530")
        .then(pl.lit("failure"))
        .otherwise(pl.lit("")),
    )
    return {"logins": complete("logins", context.secrets(rows.filter(pl.col("ftp_command") == "PASS")))}
