"""Logs of MQTT: who connects to a broker, what is published, what is wanted."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, number, text
from cordon.sources.reports import MOST_FILTERS
from cordon.sources.zeek.rows import ended


def mqtt(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = ended(rows, context, damage, "mqtt_connect", place).with_columns(
        level=text("proto_version").replace_strict({"3.1": 3, "3.1.1": 4, "5.0": 5}, default=0, return_dtype=pl.UInt8),
        client_id=text("client_id"),
        topic=text("will_topic"),
    )
    return {"mqtt": complete("mqtt", rows.with_columns(message=pl.lit("connect")))}


_QOS: Final = {"at most once": 0, "at least once": 1, "exactly once": 2, "0": 0, "1": 1, "2": 2}


def mqtt_publish(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """`is_by_server` where the log says that the message did not come from the client."""
    rows = ended(rows, context, damage, "mqtt_publish", place).with_columns(
        message=pl.lit("publish"),
        is_by_server=text("from_client").str.to_lowercase().is_in(["f", "false"]),
        topic=text("topic"),
        qos=_qos("qos"),
        retain=text("retain").str.to_lowercase().is_in(["t", "true"]),
        size=number("payload_len"),
    )
    return {"mqtt": complete("mqtt", rows)}


def mqtt_subscribe(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    """A row for each filter."""
    action = text("action").str.to_lowercase()
    rows = ended(rows, context, damage, "mqtt_subscribe", place).with_columns(
        message=pl.when(action.str.contains("unsubscribe")).then(pl.lit("unsubscribe")).otherwise(pl.lit("subscribe")),
        qos=pl.col("qos_levels").list.first().cast(pl.UInt8, strict=False).fill_null(0).clip(0, 2),
        topic=pl.col("topics").fill_null([]).list.head(MOST_FILTERS),
    )
    return {"mqtt": complete("mqtt", rows.explode("topic", empty_as_null=False).with_columns(topic=text("topic")))}


def _qos(column: str) -> pl.Expr:
    return text(column).str.to_lowercase().replace_strict(_QOS, default=0, return_dtype=pl.UInt8)
