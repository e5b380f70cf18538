"""Logs that tell who a host is: kerberos, ntp, software."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import address, complete, epoch, number, sound, text
from cordon.sources.zeek.rows import ended


def kerberos(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """Who asked for tickets: a computer's name ends in $."""
    rows = ended(rows.rename({"client": "asker"}), context, damage, "kerberos", place)
    rows = rows.with_columns(asker=text("asker"))
    rows = rows.with_columns(
        name=pl.col("asker").str.extract(r"^([^/]+)"), realm=pl.col("asker").str.extract(r"/(.+)$")
    )
    rows = rows.filter(pl.col("name").is_not_null())
    computer = pl.col("name").str.ends_with("$")
    told = rows.select(
        "time",
        "segment",
        ip="client",
        field=pl.when(computer).then(pl.lit("kerberos.host")).otherwise(pl.lit("kerberos.user")),
        value=pl.when(computer)
        .then(pl.col("name").str.strip_chars_end("$"))
        .otherwise(pl.concat_str("name", pl.lit("@"), pl.col("realm").fill_null(""))),
    )
    return {"sightings": complete("sightings", told)}


def ntp(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = ended(rows, context, damage, "ntp", place).filter(number("mode") == 3)  # RFC 5905: client
    told = rows.select("time", "segment", ip="client", field=pl.lit("ntp.client"), value="server")
    return {"sightings": complete("sightings", told)}


_SOFTWARE: Final = {"HTTP::BROWSER": "http.agent", "HTTP::SERVER": "http.server"}


def software(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        ip=address("host"),
        field=pl.col("software_type").replace_strict(_SOFTWARE, default="", return_dtype=pl.String),
        value=text("unparsed_version"),
    )
    rows = sound(rows, ["time", "ip"], damage, "software log: no time or address", place)
    return {"sightings": complete("sightings", rows.filter((pl.col("field") != "") & (pl.col("value") != "")))}
