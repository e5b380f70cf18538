"""Calls become the rows that the engine would bring: flows, names asked, sightings; and windows of an hour of them."""

from collections.abc import Iterator
from typing import Final

import polars as pl
from evaluation.beaconing.fleet import MODELS, Fleet

from cordon.model.tables import DNS, FLOWS, HOUR, MINUTE, SIGHTINGS, STEP, plain_row
from cordon.model.window import Window

ROUTER: Final = ("b0:fe:00:00:00:01", "192.168.1.1")
BELIEVED: Final = 5 * MINUTE
"""How long an answer of DNS is believed, µs."""


def mac(device: int) -> str:
    """The address of the device of that number."""
    return f"b0:fe:01:00:{device >> 8:02x}:{device & 255:02x}"


def ip(device: int) -> str:
    """Its address on the network."""
    return f"192.168.1.{device + 10}"


def tables(made: Fleet) -> dict[str, pl.DataFrame]:
    """All rows of a fleet, in order."""
    calls = _placed(made)
    asked = _asked(calls)
    flows = pl.concat([_flows(calls.filter(~pl.col("by_dns"))), _flows(_lookups(asked))])
    met = flows.group_by("step", mac="src_mac").agg(time=pl.col("first").min(), ip=pl.col("src").first())
    seen = pl.concat([_met(made), _filled(met.with_columns(field=pl.lit("mac")), SIGHTINGS)])
    return {
        "flows": flows.sort("step", "first", "flow"),
        "dns": asked.sort("step", "time", "is_response"),
        "sightings": seen.sort("step", "time", "mac", "field"),
    }


def windows(rows: dict[str, pl.DataFrame], length: int = HOUR) -> Iterator[Window]:
    """The windows of these rows, one after the other."""
    first, last = (int(getattr(rows["sightings"]["step"], end)()) for end in ("min", "max"))
    cut = {name: _cut(frame, length) for name, frame in rows.items()}
    for at in range(first // length, last // length + 1):
        held = {name: parts[at] for name, parts in cut.items() if at in parts}
        yield Window.checked("site", at * length, (at + 1) * length, held)


def _cut(frame: pl.DataFrame, length: int) -> dict[int, pl.DataFrame]:
    parts = frame.with_columns(at=pl.col("step") // length).partition_by("at", as_dict=True, maintain_order=True)
    return {int(key[0]): part.drop("at") for key, part in parts.items()}


def _placed(made: Fleet) -> pl.DataFrame:
    """The calls with whom they reach, at the address that was answered last."""
    devices = range(made.models.size)
    who = pl.DataFrame({"device": devices, "src_mac": map(mac, devices), "src": map(ip, devices)}, strict=False)
    places = pl.DataFrame(
        [(at, p.name, list(p.addresses), p.port, p.proto, p.service, p.by_dns) for at, p in enumerate(made.places)],
        schema={"place": pl.Int32, "name": pl.String, "addresses": pl.List(pl.String), "dst_port": pl.UInt16,
                "proto": pl.UInt8, "service": pl.String, "by_dns": pl.Boolean}, orient="row",
    )  # fmt: skip
    turn = pl.when(pl.col("standing") > 0).then(0).otherwise(pl.col("time") // (6 * HOUR))
    return (
        made.calls()
        .join(who.with_columns(pl.col("device").cast(pl.Int32)), on="device")
        .join(places, on="place")
        .with_columns(pick=(pl.col("device") * 31 + turn) % pl.col("addresses").list.len())
        .with_columns(
            dst=pl.col("addresses").list.get(pl.col("pick")),
            step=pl.col("time") // STEP * STEP,
            flow=pl.when(pl.col("standing") > 0)
            .then((1 << 40) + pl.col("standing").cast(pl.Int64))
            .otherwise(pl.int_range(1, pl.len() + 1, dtype=pl.Int64)),
        )
        .drop("addresses", "pick")
        .sort("time", "device", "place")
    )


def _asked(calls: pl.DataFrame) -> pl.DataFrame:
    """Questions and answers: whenever a name is called whose answer is no longer believed."""
    named = calls.filter(pl.col("name") != "")
    again = pl.col("by_dns") | (pl.col("time") // BELIEVED != (pl.col("time") // BELIEVED).shift(1)).fill_null(True)
    fresh = named.filter(again.over("device", "place")).filter(
        (pl.col("standing") == 0) | pl.col("flow").is_first_distinct()
    )
    label = pl.format("{}.{}", (pl.col("time").hash(7) % (1 << 40)).cast(pl.String), "name")
    fresh = fresh.with_columns(
        name=pl.when("by_dns").then(label).otherwise("name"),
        type=pl.when("by_dns").then(pl.lit("TXT")).otherwise(pl.lit("A")),
        answers=pl.when("by_dns").then(pl.lit([], dtype=pl.List(pl.String))).otherwise(pl.concat_list("dst")),
        mac="src_mac", client="src", server=pl.lit(ROUTER[1]), transport=pl.lit("dns"), size=pl.lit(90),
        flow=pl.col("flow") + (1 << 50), ttl=pl.lit(300), time=pl.max_horizontal(pl.col("time") - 40_000, "step"),
    )  # fmt: skip
    answered = fresh.with_columns(is_response=pl.lit(True), rcode=pl.lit("NOERROR"), time=pl.col("time") + 20_000)
    asked = fresh.with_columns(answers=pl.lit([], dtype=pl.List(pl.String)), ttl=pl.lit(0))
    return pl.concat([_filled(asked, DNS), _filled(answered, DNS)])


def _lookups(asked: pl.DataFrame) -> pl.DataFrame:
    """The calls that go with the questions: to the router, which answers them."""
    return asked.filter("is_response").select(
        "step", "flow", src_mac="mac", src="client", dst="server", time=pl.col("time") - 20_000, dst_port=pl.lit(53),
        proto=pl.lit(17), service=pl.lit("dns"), name=pl.lit(""), standing=pl.lit(0), out=pl.lit(80), into=pl.lit(120),
    )  # fmt: skip


def _flows(calls: pl.DataFrame) -> pl.DataFrame:
    """Rows of flows, one a flow and step."""
    tcp, standing = pl.col("proto") == 6, pl.col("standing") > 0
    last = pl.min_horizontal(pl.col("time") + 300_000, pl.col("step") + STEP - 1)
    rows = calls.sort("time").with_columns(
        segment=pl.lit("lan"), is_first=pl.col("flow").is_first_distinct(), is_last=~standing, first="time", last=last,
        began=pl.col("time").min().over("flow"), opener_known=pl.lit(True), src_port=40_000 + pl.col("flow") % 20_000,
        dst_mac=pl.lit(ROUTER[0]), packets_out=pl.when(tcp).then(5).otherwise(1),
        packets_in=pl.when(tcp).then(4).otherwise(1), bytes_out=pl.col("out") + pl.when(tcp).then(300).otherwise(42),
        bytes_in=pl.col("into") + pl.when(tcp).then(250).otherwise(42), payload_out="out", payload_in="into",
        flags_out=pl.when(tcp).then(27).otherwise(0), flags_in=pl.when(tcp).then(27).otherwise(0),
        state=pl.when(~tcp).then(pl.lit("")).when(standing).then(pl.lit("open")).otherwise(pl.lit("closed")),
        end=pl.when(standing).then(pl.lit("")).otherwise(pl.lit("closed")),
    )  # fmt: skip
    counts = ["packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in"]
    once = {"is_first": pl.col("is_first").any(), "last": pl.col("last").max()} | {
        one: pl.col(one).sum() for one in counts
    }
    rest = [name for name in rows.columns if name in FLOWS and name not in {*once, "flow", "step"}]
    return _filled(rows.group_by("flow", "step").agg(*(pl.col(name).first() for name in rest), **once), FLOWS)


def _met(made: Fleet) -> pl.DataFrame:
    """How devices present themselves, first of all; the router hands out the addresses."""
    told = [(made.start, *ROUTER, "mac", ""), (made.start, *ROUTER, "ip", "arp"),
            (made.start + 1, *ROUTER, "dhcp.serves", ROUTER[1]),
            (made.start + 1, *ROUTER, "dns.serves", "")]  # fmt: skip
    for device, model in enumerate(made.models):
        at, mine = made.start + 2 + device, (mac(device), ip(device))
        told += [(at, *mine, "ip", "dhcp"), (at, *mine, *MODELS[int(model)])]
    columns = ["time", "mac", "ip", "field", "value"]
    frame = pl.DataFrame(told, schema=columns, orient="row")
    return _filled(frame.with_columns(step=pl.col("time") // STEP * STEP, segment=pl.lit("lan")), SIGHTINGS)


def _filled(frame: pl.DataFrame, schema: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    """The columns of a table, what is not told as nothing."""
    table = {id(FLOWS): "flows", id(DNS): "dns", id(SIGHTINGS): "sightings"}[id(schema)]
    plain = plain_row(table)
    if "segment" in plain and "segment" not in frame.columns:
        frame = frame.with_columns(segment=pl.lit("lan"))
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(plain[name], dtype=kind)).cast(kind).alias(name)
        for name, kind in schema.items()
    )
