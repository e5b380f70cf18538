"""Habits: what a device does besides calling places, to be known again. They stand among what is known (`novelty`):

``!write 192.168.1.9`` it changed something in a controller, ``!asks 192.168.1.9`` it asked one anything, ``!dhcp lan``
it handed out addresses, ``^4821`` it called somebody outside over a port that is not an everyday one, ``%example.org``
it asked for a name of that owner, ``!ra lan`` it said that it is a router of IPv6.
"""

from typing import Final

import polars as pl

from cordon.detect.state import State
from cordon.model.memo import nothing
from cordon.model.sides import owner
from cordon.model.tables import Schema

EVERYDAY: Final = (
    21, 22, 25, 53, 67, 68, 80, 110, 123, 143, 443, 465, 587, 853, 993, 995, 1883, 3478, 5222, 5223, 5228, 5671, 8080,
    8443, 8883, 19_302,
)  # fmt: skip
"""Ports of services that many devices use outside: the web, mail, time, brokers, push messages."""

ADVERTISEMENT: Final = 134
"""The type of ICMPv6 with which a router shows itself (RFC 4861)."""

HABITS: Final[Schema] = {
    "device": pl.String,
    "key": pl.String,
    "first": pl.Int64,  # step
    "last": pl.Int64,
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
}


def habits_of(
    operations: pl.DataFrame,
    offers: pl.DataFrame,
    contacts: pl.DataFrame,
    names: pl.DataFrame,
    advertisements: pl.DataFrame,
) -> pl.DataFrame:
    """What devices did in these steps that is worth knowing again."""
    none = pl.lit(0, pl.Int64)
    found = []
    if not operations.is_empty():
        asked = operations.filter(~pl.col("is_response") & (pl.col("client_device") != ""))
        told = {"device": pl.col("client_device"), "first": pl.col("step"), "last": pl.col("time")}
        writes = asked.filter(pl.col("access").is_in(["write", "control"]))
        found += [
            rows.select(key=pl.format(f"!{verb} {{}}", "server"), **told)
            for verb, rows in (("write", writes), ("asks", asked))
        ]
    if not offers.is_empty():
        key = pl.format("!dhcp {}", "segment")
        found.append(offers.select(key=key, device="device", first="step", last="time"))
    if not advertisements.is_empty():
        key = pl.format("!ra {}", "segment")
        found.append(advertisements.select(key=key, device="device", first="step", last="first"))
    if not contacts.is_empty():
        odd = contacts.filter((pl.col("proto") == 6) & ~pl.col("port").is_in(EVERYDAY))
        found.append(odd.select(key=pl.format("^{}", "port"), device="device", first="step", last="last"))
    if not names.is_empty():
        found.append(names.select(key=pl.format("%{}", "dest"), device="device", first="step", last="time"))
    if not any(len(rows) for rows in found):
        return nothing(HABITS)
    habits = pl.concat(found).group_by("device", "key").agg(pl.col("first").min(), pl.col("last").max())
    return habits.with_columns(bytes_out=none, bytes_in=none).select(*HABITS).sort("device", "key")


def advertisements_of(state: State, flows: pl.DataFrame) -> pl.DataFrame:
    """Who said in which step that it is a router of IPv6: segment, device, src_mac, step, first."""
    said = (pl.col("proto") == 58) & (pl.col("src_port") == ADVERTISEMENT) & (pl.col("packets_out") > 0)
    rows = owner(flows.filter(said), state.bindings, mac="src_mac", into="device").filter(pl.col("device") != "")
    return rows.group_by("segment", "device", "src_mac", "step").agg(pl.col("first").min())


def offers_of(state: State, dhcp: pl.DataFrame) -> pl.DataFrame:
    """What DHCP servers gave, with the `device` that sent it."""
    given = dhcp.filter(pl.col("message").is_in(["offer", "ack"]) & (pl.col("sender_mac") != ""))
    return owner(given, state.bindings, mac="sender_mac", into="device").filter(pl.col("device") != "")
