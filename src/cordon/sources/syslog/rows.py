"""Messages become rows: logins, the health of devices, and leases."""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from cordon.model.tables import Schema
from cordon.sources.logs import Rows
from cordon.sources.parsing import address, complete, mac
from cordon.sources.syslog.book import Pattern, shipped

MOST_USER: Final = 64
MOST_TEXT: Final = 200
_TEXTS: Final = ("user", "client", "mac", "server", "service", "outcome", "event", "subject", "ip", "message", "name")
_TOLD: Final[Schema] = {**dict.fromkeys(_TEXTS, pl.String), "port": pl.Int64}


def rows_of(messages: pl.DataFrame, segment: str, patterns: Sequence[Pattern] | None = None) -> Rows:
    """The rows that messages tell; most tell nothing.

    `messages` has time, host (an address, or ""), program and text. Who runs the program is the host of the message.
    """
    told = matched(messages, shipped() if patterns is None else patterns)
    told = told.with_columns(segment=pl.lit(segment), mac=mac("mac"))
    made = [_MADE[str(table)](rows) for (table,), rows in told.group_by(["table"], maintain_order=True)]
    return {name: rows for tables in made for name, rows in tables.items()}


def matched(messages: pl.DataFrame, patterns: Sequence[Pattern]) -> pl.DataFrame:
    """The messages that fit a pattern, with its `table` and all that it may tell (null where it does not); each goes to
    the first that fits, those of its program before those of anybody."""
    left = messages.select("time", "host", "program", "text").with_row_index("at")
    found = [pl.DataFrame(schema={**left.schema, "table": pl.String, **_TOLD})]
    for one in sorted(patterns, key=lambda pattern: not pattern.programs):
        mine = left.filter(pl.col("program").is_in(one.programs)) if one.programs else left
        fits = mine.filter(pl.col("text").str.contains(one.match))
        if fits.is_empty():
            continue
        left = left.filter(~pl.col("at").is_in(fits["at"].implode()))
        groups = fits.select(pl.col("text").str.extract_groups(one.match)).to_series().struct.unnest()
        values = [
            pl.lit(one.values[name]).cast(kind).alias(name)
            if name in one.values
            else groups[name].cast(kind, strict=False)
            if name in groups.columns
            else pl.lit(None, kind).alias(name)
            for name, kind in _TOLD.items()
        ]
        found.append(fits.with_columns(pl.lit(one.table).alias("table"), *values))
    return pl.concat(found).sort("at").drop("at")


def _logins(rows: pl.DataFrame) -> Rows:
    """Sign-ins; what they were signed in with crossed no wire that we see."""
    rows = rows.with_columns(
        client=pl.coalesce(address("client"), pl.lit("")),
        server=pl.coalesce(address("server"), "host"),
        user=pl.col("user").fill_null("").str.head(MOST_USER),
        port=pl.col("port").fill_null(0).clip(0, 65_535),
        service=pl.col("service").fill_null(""),
        outcome=pl.col("outcome").fill_null(""),
    )
    return {"logins": complete("logins", rows.filter((pl.col("client") != "") | (pl.col("mac") != "")))}


def _health(rows: pl.DataFrame) -> Rows:
    """What happened to a device: to the one that is named, else to the one that wrote it."""
    rows = rows.with_columns(
        ip=pl.coalesce(address("ip"), pl.when(pl.col("mac") == "").then("host").otherwise(pl.lit(""))),
        source="program",
        event=pl.col("event").fill_null(""),
        subject=pl.col("subject").fill_null("").str.head(MOST_USER),
        text=pl.col("text").str.head(MOST_TEXT),
    )
    return {"health": complete("health", rows)}


def _dhcp(rows: pl.DataFrame) -> Rows:
    """Leases: who has which address, and what the client calls itself."""
    rows = rows.with_columns(ip=pl.coalesce(address("ip"), pl.lit("")), message=pl.col("message").str.to_lowercase())
    rows = rows.filter(pl.col("mac") != "")
    acked = rows.filter((pl.col("message") == "ack") & (pl.col("ip") != ""))
    named = acked.filter(pl.col("name").fill_null("") != "")
    sightings = [
        acked.select("time", "segment", "mac", "ip", field=pl.lit("ip"), value=pl.lit("dhcp")),
        named.select("time", "segment", "mac", "ip", field=pl.lit("dhcp.hostname"), value="name"),
    ]
    return {
        "dhcp": complete("dhcp", rows.with_columns(server="host")),
        "sightings": pl.concat([complete("sightings", one) for one in sightings]),
        "leases": acked.select("segment", "time", "mac", "ip"),
    }


_MADE: Final[dict[str, Callable[[pl.DataFrame], Rows]]] = {"logins": _logins, "health": _health, "dhcp": _dhcp}
