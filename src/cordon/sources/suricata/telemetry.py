"""Events of MQTT: who connects to a broker, what is published, what is wanted."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, text
from cordon.sources.reports import MOST_FILTERS, TEXTS
from cordon.sources.suricata.rows import ended, unnested

_TOPIC: Final = pl.Struct({"topic": pl.String, "qos": pl.String})


MQTT: Final = pl.Struct(
    {
        "connect": pl.Struct(
            {
                **dict.fromkeys(("client_id", "username", "protocol_version"), pl.String),
                "flags": pl.Struct({"username": pl.String, "password": pl.String}),
                "will": pl.Struct({"topic": pl.String, "message": pl.String}),
            }
        ),
        "connack": pl.Struct({"return_code": pl.String}),
        "publish": pl.Struct(dict.fromkeys(("topic", "message", "skipped_length", "qos", "retain"), pl.String)),
        "subscribe": pl.Struct({"topics": pl.List(_TOPIC)}),
        "unsubscribe": pl.Struct({"topics": TEXTS}),
    }
)


_RETURNED: Final = {
    **{"0": "accepted", "1": "bad-version", "2": "bad-client-id", "3": "server-unavailable", "4": "bad-password"},
    **{"5": "not-authorised", "132": "bad-version", "133": "bad-client-id", "134": "bad-password"},
    **{"135": "not-authorised", "136": "server-unavailable", "137": "server-busy", "138": "banned"},
}


def mqtt(rows: pl.DataFrame, _: Context) -> Rows:
    """The events do not tell which side sent a publication; what a broker passes on looks like the client's."""
    rows = unnested(ended(rows), "mqtt")
    parts = [
        _connects(rows),
        _connacks(rows),
        _publications(rows),
        _wants(rows, "subscribe"),
        _wants(rows, "unsubscribe"),
    ]
    return {"mqtt": pl.concat([complete("mqtt", part) for part in parts])}


def _connects(rows: pl.DataFrame) -> pl.DataFrame:
    rows = unnested(rows, "mqtt_connect")
    will = pl.col("mqtt_connect_will").struct
    return rows.filter(pl.col("mqtt_connect_protocol_version").is_not_null()).with_columns(
        message=pl.lit("connect"),
        client_id=text("mqtt_connect_client_id"),
        user=text("mqtt_connect_username"),
        has_password=pl.col("mqtt_connect_flags").struct.field("password").fill_null("") == "true",
        level=pl.col("mqtt_connect_protocol_version").cast(pl.UInt8, strict=False).fill_null(0),
        topic=will.field("topic").fill_null(""),
        size=will.field("message").fill_null("").str.len_bytes(),
    )


def _connacks(rows: pl.DataFrame) -> pl.DataFrame:
    rows = unnested(rows, "mqtt_connack").filter(pl.col("mqtt_connack_return_code").is_not_null())
    code = pl.col("mqtt_connack_return_code")
    result = code.replace_strict(_RETURNED, default="refused", return_dtype=pl.String)
    return rows.with_columns(message=pl.lit("connack"), is_by_server=pl.lit(True), result=result)


def _publications(rows: pl.DataFrame) -> pl.DataFrame:
    rows = unnested(rows, "mqtt_publish").filter(pl.col("mqtt_publish_topic").is_not_null())
    return rows.with_columns(
        message=pl.lit("publish"),
        topic=text("mqtt_publish_topic"),
        qos=pl.col("mqtt_publish_qos").cast(pl.UInt8, strict=False).fill_null(0),
        retain=pl.col("mqtt_publish_retain").fill_null("") == "true",
        size=pl.coalesce(
            pl.col("mqtt_publish_skipped_length").cast(pl.Int64, strict=False),
            text("mqtt_publish_message").str.len_bytes(),
        ),
    )


def _wants(rows: pl.DataFrame, message: str) -> pl.DataFrame:
    """A row for each filter."""
    topics = pl.col(f"mqtt_{message}").struct.field("topics")
    rows = rows.with_columns(topic=topics.fill_null([]).list.head(MOST_FILTERS)).explode("topic", empty_as_null=False)
    if message == "subscribe":
        one = pl.col("topic").struct
        qos = one.field("qos").cast(pl.UInt8, strict=False).fill_null(0)
        rows = rows.with_columns(qos=qos, topic=one.field("topic"))
    return rows.filter(pl.col("topic").is_not_null()).with_columns(message=pl.lit(message))
