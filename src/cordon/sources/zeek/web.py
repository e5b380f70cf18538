"""Logs of the web and its hellos: http, ssl, x509, quic."""

import polars as pl

from cordon.sources import certificates, hellos
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, domain, port, text
from cordon.sources.reports import both_ways, without_query
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
        path=without_query(text("uri")),
        agent=text("user_agent"),
        status=port("status_code"),
        content_type=pl.col("resp_mime_types").list.first().fill_null(""),
        user=text("username"),
        password=text("password"),
    )
    refused = pl.col("status").is_in([401, 403])
    outcome = (
        pl.when(refused).then(pl.lit("failure")).when(pl.col("status").is_between(200, 399)).then(pl.lit("success"))
    )
    logins = context.secrets(rows.filter(pl.col("user") != "")).with_columns(
        service=pl.lit("http"), outcome=outcome.otherwise(pl.lit("")), clear=pl.lit(True)
    )
    return {
        "http": both_ways(rows),
        "logins": complete("logins", logins),
    }
