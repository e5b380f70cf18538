"""Logs of the web and its hellos: http, ssl, x509, quic."""

import polars as pl

from cordon.sources import certificates, hellos
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import (
    complete,
    domain,
    port,
    text,
)
from cordon.sources.zeek.rows import ended


def ssl(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    return {"tls": hellos.of_zeek(ended(rows, context, damage, "ssl", place))}


def x509(rows: pl.DataFrame, _: Context, __: Damage, ___: str) -> Rows:
    return {"certificates": certificates.of_x509(rows)}


def quic(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """The protocol is the first the client offers. Zeek tells such connections in its ssl log too."""
    rows = ended(rows, context, damage, "quic", place).with_columns(
        version=hellos.quic_version("version"), sni=domain("server_name"), alpn=text("client_protocol")
    )
    return {"quic": complete("quic", rows)}


def http(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = ended(rows, context, damage, "http", place).with_columns(
        method=text("method"),
        host=text("host").str.to_lowercase(),
        path=text("uri").str.replace(r"\?.*$", ""),
        agent=text("user_agent"),
        status=port("status_code"),
        content_type=pl.col("resp_mime_types").list.first().fill_null(""),
        user=text("username"),
        password=text("password"),
    )
    blank = {column: pl.lit("") for column in ("method", "host", "path", "agent", "content_type")}
    asked = rows.with_columns(is_response=pl.lit(False), status=pl.lit(0), content_type=pl.lit(""))
    answered = rows.filter(pl.col("status") > 0).with_columns(
        is_response=pl.lit(True), **{name: value for name, value in blank.items() if name != "content_type"}
    )
    refused = pl.col("status").is_in([401, 403])
    outcome = (
        pl.when(refused).then(pl.lit("failure")).when(pl.col("status").is_between(200, 399)).then(pl.lit("success"))
    )
    logins = context.secrets(rows.filter(pl.col("user") != "")).with_columns(
        service=pl.lit("http"), outcome=outcome.otherwise(pl.lit("")), clear=pl.lit(True)
    )
    return {
        "http": pl.concat([complete("http", asked), complete("http", answered)]),
        "logins": complete("logins", logins),
    }
