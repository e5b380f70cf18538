"""Events of files that passed."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, number, text
from cordon.sources.reports import base_name, without_query
from cordon.sources.suricata.rows import ended, service, unnested

FILEINFO: Final = pl.Struct(dict.fromkeys(("filename", "gaps", "state", "size", "sha256", "mimetype"), pl.String))


FTP_DATA: Final = pl.Struct(dict.fromkeys(("filename", "command"), pl.String))


def fileinfo(rows: pl.DataFrame, _: Context) -> Rows:
    """Files; the source of the event is the sender. Which end is the server the command of FTP tells, mail by its
    nature, and else the ports. SHA-256 is there only where Suricata was told to reckon it."""
    rows = unnested(unnested(ended(rows), "fileinfo"), "ftp_data").with_columns(service=service())
    command = text("ftp_data_command").str.to_uppercase()
    sent = (
        pl.when(command != "")
        .then(command != "RETR")
        .when(pl.col("service") == "smtp")
        .then(pl.lit(True))
        .otherwise(pl.col("port") < pl.col("source_port"))
    )
    pairs = (("client", "server"), ("server", "client"), ("mac", "server_mac"), ("port", "source_port"))
    rows = rows.with_columns(is_upload=sent).with_columns(
        *(pl.when("is_upload").then(one).otherwise(other).alias(one) for one, other in pairs),
        name=base_name(without_query(pl.coalesce("fileinfo_filename", "ftp_data_filename", pl.lit("")))),
        kind=text("fileinfo_mimetype"),
        size=number("fileinfo_size"),
        is_whole=(text("fileinfo_state") == "CLOSED") & ~text("fileinfo_gaps").is_in(["true", "True"]),
    )
    hash_ = pl.when("is_whole").then(text("fileinfo_sha256").str.to_lowercase()).otherwise(pl.lit(""))
    return {"files": complete("files", rows.with_columns(sha256=hash_).filter(pl.col("size") > 0))}
