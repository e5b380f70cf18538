"""What the reports of Zeek and Suricata tell alike: names of services, paths and files, and both ways of HTTP."""

from typing import Final

import polars as pl

from cordon.sources.parsing import DNS_PORTS, complete

TEXTS: Final = pl.List(pl.String)
"""Fields that hold several texts."""

MOST_FILTERS: Final = 64
"""Filters of MQTT told of one subscription."""

MOST_SIGNATURE: Final = 128
MOST_TEXT: Final = 512
"""Characters kept of what another sensor says: parts of it come from the traffic."""


def by_port(service: pl.Expr) -> pl.Expr:
    """The service, where "dns" means any protocol that looks like it: which of them, the port tells."""
    special = pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default=None, return_dtype=pl.String)
    return pl.when(service == "dns").then(pl.coalesce(special, service)).otherwise(service)


def dns_transport() -> pl.Expr:
    """Which protocol that looks like DNS is spoken, by the port."""
    return pl.col("port").cast(pl.Int64).replace_strict(DNS_PORTS, default="dns", return_dtype=pl.String)


def without_query(path: pl.Expr) -> pl.Expr:
    """A path of HTTP without what is asked of it, which may be private."""
    return path.str.replace(r"\?.*$", "")


def base_name(path: pl.Expr) -> pl.Expr:
    """The last part of a path, as any system writes it; "" where there is none."""
    return path.str.extract(r"([^/\\]*)$").fill_null("")


def both_ways(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `http`: for each exchange its request, and its response if one came, each with what it says itself."""
    blank = pl.lit("")
    asked = rows.with_columns(is_response=pl.lit(False), status=pl.lit(0), content_type=blank, server_name=blank)
    answered = rows.filter(pl.col("status") > 0).with_columns(
        is_response=pl.lit(True), method=blank, host=blank, path=blank, agent=blank
    )
    return pl.concat([complete("http", asked), complete("http", answered)])


def alerted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `alerts` in which nothing is longer than it may be, and a technique is one or nothing."""
    technique = pl.col("technique") if "technique" in rows.columns else pl.lit("")
    such = technique.fill_null("").str.contains(r"^T\d{4}(\.\d{3})?$")
    return rows.with_columns(
        pl.col("signature").str.head(MOST_SIGNATURE),
        pl.col("text").str.head(MOST_TEXT),
        technique=pl.when(such).then(technique).otherwise(pl.lit("")),
    )
