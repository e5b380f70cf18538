"""The log of files that Zeek saw pass."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, number, span, text
from cordon.sources.reports import base_name
from cordon.sources.zeek.rows import ended

_FILE_SERVICES: Final = {"ftp_data": "ftp", "irc_dcc_data": "irc"}


_CERTIFICATES: Final = ("SSL", "DTLS", "RDP", "X509", "OCSP")  # sources whose files are a part of the handshake


def files(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """Every file Zeek analysed but certificates. Before version 5.1 the log tells hosts in place of ends, and no port.

    SHA-256 is there only where Zeek was told to reckon it.
    """
    sent = text("is_orig").str.to_lowercase().is_in(["t", "true"])
    sender, taker = pl.col("tx_hosts").list.first(), pl.col("rx_hosts").list.first()
    rows = rows.filter(~text("source").is_in(_CERTIFICATES)).with_columns(
        pl.coalesce("uid", pl.col("conn_uids").list.first()).alias("uid"),
        pl.coalesce("id.orig_h", pl.when(sent).then(sender).otherwise(taker)).alias("id.orig_h"),
        pl.coalesce("id.resp_h", pl.when(sent).then(taker).otherwise(sender)).alias("id.resp_h"),
        is_sent=sent,
        by_server=(text("source") == "FTP_DATA") & (pl.col("id.orig_p") == "20"),  # RFC 959: its data port opens
    )
    rows = ended(rows, context, damage, "files", place).drop("step")
    turned = pl.col("by_server")
    gaps = number("missing_bytes") + number("overflow_bytes")
    told = pl.col("total_bytes").cast(pl.Int64, strict=False)
    rows = rows.with_columns(
        time=pl.col("time") + span("duration"),
        client=pl.when(turned).then("server").otherwise("client"),
        server=pl.when(turned).then("client").otherwise("server"),
        port=pl.when(turned).then("source_port").otherwise("port"),
        is_upload=pl.col("is_sent") ^ turned,
        service=text("source").str.to_lowercase().replace(_FILE_SERVICES),
        name=base_name(text("filename")),
        kind=text("mime_type"),
        size=number("seen_bytes"),
        is_whole=(gaps == 0)
        & ~text("timedout").str.to_lowercase().is_in(["t", "true"])
        & (told.is_null() | (told == number("seen_bytes"))),
    )
    hash_ = pl.when("is_whole").then(text("sha256").str.to_lowercase()).otherwise(pl.lit(""))
    return {"files": complete("files", rows.with_columns(sha256=hash_).filter(pl.col("size") > 0))}
