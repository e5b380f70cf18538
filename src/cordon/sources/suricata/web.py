"""Events of the web and its hellos: http, tls, quic."""

from typing import Final

import polars as pl

from cordon.sources import hellos
from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, domain, port, text
from cordon.sources.reports import TEXTS, both_ways, without_query
from cordon.sources.suricata.rows import ended, unnested

TLS: Final = pl.Struct(
    {
        **dict.fromkeys(("sni", "version", "ja4", "subject", "issuerdn", "notbefore", "notafter"), pl.String),
        "ja3": pl.Struct({"hash": pl.String}),
        "client_alpns": TEXTS,
        "server_alpns": TEXTS,
    }
)


def tls(rows: pl.DataFrame, _: Context) -> Rows:
    return {"tls": hellos.of_suricata(unnested(ended(rows), "tls"))}


QUIC: Final = pl.Struct(dict.fromkeys(("version", "sni", "ja4"), pl.String))


def quic(rows: pl.DataFrame, _: Context) -> Rows:
    """A row for each hello; events of the server's packets and of later ones name no server and no client's print."""
    rows = unnested(ended(rows), "quic").with_columns(
        version=hellos.quic_version("quic_version"), sni=domain("quic_sni"), ja4=text("quic_ja4")
    )
    return {"quic": complete("quic", rows.filter((pl.col("sni") != "") | (pl.col("ja4") != "")))}


HTTP: Final = pl.Struct(
    dict.fromkeys(
        ("hostname", "url", "http_user_agent", "http_content_type", "http_method", "status", "server"), pl.String
    )
)


def http(rows: pl.DataFrame, _: Context) -> Rows:
    rows = unnested(ended(rows), "http").with_columns(
        method=text("http_http_method"),
        host=text("http_hostname").str.to_lowercase(),
        path=without_query(text("http_url")),
        agent=text("http_http_user_agent"),
        status=port("http_status"),
        content_type=text("http_http_content_type").str.replace(r";.*$", ""),
        server_name=text("http_server"),
    )
    return {"http": both_ways(rows)}
