"""What the events of all protocols share: fields of a struct as columns, both ends, the service."""

from typing import Final

import polars as pl

from cordon.sources.parsing import (
    DNS_PORTS,
    text,
)

TEXTS: Final = pl.List(pl.String)


def unnested(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The fields of a struct as columns of their own, under names that begin with the struct's."""
    fields = rows[column].struct.fields
    return rows.with_columns(pl.col(column).struct.field(field).alias(f"{column}_{field}") for field in fields).drop(
        column
    )


def ended(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("client").is_not_null() & pl.col("server").is_not_null())


_SERVICES: Final = {"failed": "", "unknown": "", "http1": "http", "http2": "http", "ftp-data": "ftp", "krb5": "krb"}


def service() -> pl.Expr:
    told = text("app_proto").str.to_lowercase().replace(_SERVICES)
    special = pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default=None, return_dtype=pl.String)
    return pl.when(told == "dns").then(pl.coalesce(special, told)).otherwise(told)
