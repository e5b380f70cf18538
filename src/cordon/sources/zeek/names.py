"""Logs of names and addresses: dns, dhcp."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import address, complete, domain, epoch, mac, sound, span, text
from cordon.sources.reports import TEXTS, dns_transport
from cordon.sources.zeek.rows import ended


def dns(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = ended(rows, context, damage, "dns", place).with_columns(
        transport=dns_transport(),
        name=domain("query"),
        type=text("qtype_name"),
        rcode=text("rcode_name"),
        answers=pl.col("answers").fill_null([]),
        ttl=pl.col("TTLs")
        .list.eval(pl.element().cast(pl.Float64, strict=False))
        .list.min()
        .fill_null(0)
        .clip(0, 1 << 31),
    )
    answered = (pl.col("rcode") != "") | (pl.col("answers").list.len() > 0)
    asked = rows.with_columns(is_response=pl.lit(False), rcode=pl.lit(""), answers=pl.lit([], TEXTS), ttl=pl.lit(0))
    responses = (
        rows.filter(answered).with_columns(is_response=pl.lit(True), time=pl.col("time") + span("rtt")).drop("step")
    )
    return {"dns": pl.concat([complete("dns", asked), complete("dns", responses)])}


_DHCP_SERVER: Final = ("offer", "ack", "nak")


def dhcp(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = rows.with_columns(
        time=epoch("ts"),
        segment=pl.lit(context.segment),
        owner=mac("mac"),
        ip=pl.coalesce(address("assigned_addr"), address("requested_addr"), pl.lit("")),
        leased=pl.coalesce(address("assigned_addr"), pl.lit("")),
        server=pl.coalesce(address("server_addr"), pl.lit("")),
        message=pl.col("msg_types").fill_null([]),
    ).drop("mac")
    rows = sound(rows, ["time"], damage, "dhcp log: no time", place).rename({"owner": "mac"})
    messages = rows.explode("message", empty_as_null=False).with_columns(pl.col("message").str.to_lowercase())
    messages = messages.with_columns(
        sender_mac=pl.when(pl.col("message").is_in(_DHCP_SERVER)).then(pl.lit("")).otherwise(pl.col("mac"))
    )
    acked = rows.filter(
        (pl.col("leased") != "") & (pl.col("mac") != "") & pl.col("message").list.contains("ACK").fill_null(True)
    )
    named = rows.filter((text("host_name") != "") & (pl.col("mac") != ""))
    served = rows.filter(pl.col("server") != "")
    plain = ("time", "segment")
    sightings = [
        acked.select(*plain, "mac", ip="leased", field=pl.lit("ip"), value=pl.lit("dhcp")),
        named.select(*plain, "mac", ip="leased", field=pl.lit("dhcp.hostname"), value="host_name"),
        served.select(*plain, mac=pl.lit(""), ip="server", field=pl.lit("dhcp.serves"), value=pl.lit("")),
    ]
    return {
        "dhcp": complete("dhcp", messages),
        "sightings": pl.concat([complete("sightings", one) for one in sightings]),
        "leases": acked.select("segment", "time", "mac", ip="leased"),
    }
