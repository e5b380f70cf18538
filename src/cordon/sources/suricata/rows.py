"""What the events of all protocols share: fields of a struct as columns, both ends, the service."""

from typing import Final

import polars as pl

from cordon.sources.parsing import text
from cordon.sources.reports import by_port


def unnested(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The fields of a struct as columns of their own, under names that begin with the struct's."""
    fields = rows[column].struct.fields
    return rows.with_columns(pl.col(column).struct.field(field).alias(f"{column}_{field}") for field in fields).drop(
        column
    )


def ended(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with both ends; events of anything but IP have none."""
    return rows.filter(pl.col("client").is_not_null() & pl.col("server").is_not_null())


_SERVICES: Final = {"failed": "", "unknown": "", "http1": "http", "http2": "http", "ftp-data": "ftp", "krb5": "krb"}


def service() -> pl.Expr:
    """What a flow is said to carry, by our names."""
    return by_port(text("app_proto").str.to_lowercase().replace(_SERVICES))
