"""Novelty: the first time a device met a destination on the Internet, and how much went there since.

Keys of what is known: ``=example.org`` a destination by its owner (or ``=203.0.113.0/24`` where it has no name),
``#203.0.113.0/24`` a network met under any name, ``?203.0.113.0/24`` one met without a name, ``@tcp/80`` a service
the device itself offers; `features.habits` adds others. A new address of a known name is not new, nor is the late name
of a known address.
"""

from typing import Final

import polars as pl

from cordon.detect.data.suffixes import organisation
from cordon.detect.features.links import CHUNKS
from cordon.model.memo import nothing
from cordon.model.tables import HOUR, Schema

UNREMARKABLE = (53, 67, 68, 123, 853, 3478, 19302)
"""Ports of DNS, DHCP, time and STUN: their pools rotate by design."""


CONTACTS: Final[Schema] = {
    "device": pl.String,
    "dest": pl.String,
    "net": pl.String,
    "port": pl.UInt16,
    "proto": pl.UInt8,
    "step": pl.Int64,
    "named": pl.Boolean,
    "name": pl.String,
    "peer": pl.String,
    "first": pl.Int64,
    "last": pl.Int64,
    "opened": pl.Boolean,
    "out": pl.Int64,
    "into": pl.Int64,
}

MET: Final[Schema] = (
    CONTACTS
    | {"settled": pl.Int64}
    | dict.fromkeys(("met", "net_met", "bare_met", "bytes_out", "bytes_in"), pl.Int64)
    | {"new": pl.Boolean, "elsewhere": pl.Int64, "sent": pl.Int64, "got": pl.Int64}
)

SERVICES: Final[Schema] = {
    "device": pl.String,
    "port": pl.UInt16,
    "step": pl.Int64,
    "first": pl.Int64,
    "last": pl.Int64,
    "service": pl.String,
    "peer": pl.String,
    "scope": pl.String,
    "key": pl.String,
}


def contacts_of(talks: pl.DataFrame) -> pl.DataFrame:
    """Answered contacts with the Internet that the device opened: one row per device, destination, port and step."""
    spoke = (pl.col("payload_in") > 0) | ((pl.col("proto") != 6) & (pl.col("packets_in") > 0))
    mine = (pl.col("scope") == "internet") & pl.col("initiated")
    talked = talks.filter(mine & (spoke | (pl.col("state").is_in(["open", "partial"]) & (pl.col("payload_out") > 0))))
    if talked.is_empty():
        return nothing(CONTACTS)
    named = pl.col("name") != ""
    net = pl.col("peer").replace_strict(_mapped(talked["peer"], network), return_dtype=pl.String)
    owner = pl.col("name").replace_strict(_mapped(talked["name"], organisation), return_dtype=pl.String)
    return (
        talked.with_columns(net=net, dest=pl.when(named).then(owner).otherwise(net))
        .group_by("device", "dest", "net", "port", "proto", "step")
        .agg(
            named=named.any(),
            name=pl.col("name").max(),
            peer=pl.col("peer").min(),
            first=pl.col("time").min(),
            last=pl.col("last").max(),
            opened=pl.col("is_first").any(),
            out=pl.col("bytes_out").sum(),
            into=pl.col("bytes_in").sum(),
        )
        .sort("device", "dest", "step", "first", "port", "proto", "net")
    )


def network(address: str) -> str:
    """The /24 (IPv4) or /48 (IPv6) of an address."""
    if ":" in address:
        head = address.split("::", maxsplit=1)[0].split(":")
        return ":".join([*head, "0", "0"][:3]) + "::/48"
    return address.rpartition(".")[0] + ".0/24"


def _mapped(values: pl.Series, function: object) -> dict[str, str]:
    return {value: function(value) for value in values.unique().to_list()}  # type: ignore[operator]


def services_of(talks: pl.DataFrame) -> pl.DataFrame:
    """Services that devices offered and somebody used: one row per device, port and step."""
    used = talks.filter(
        ~pl.col("initiated")
        & (pl.col("proto") == 6)
        & pl.col("opener_known")
        & (pl.col("payload_out") > 0)
        & (pl.col("port") < 32_768)  # above: handed out by the system for data channels and call-backs
    )
    if used.is_empty():
        return nothing(SERVICES)
    return (
        used.group_by("device", "port", "step")
        .agg(
            first=pl.col("time").min(),
            last=pl.col("last").max(),
            service=pl.col("service").max(),
            peer=pl.col("peer").min(),
            scope=pl.col("scope").min(),
        )
        .sort("device", "port", "step")
        .with_columns(key=pl.format("@tcp/{}", "port"))
    )


def learn(known: pl.DataFrame, contacts: pl.DataFrame, services: pl.DataFrame, habits: pl.DataFrame) -> pl.DataFrame:
    """What is known, with what was met now: first and last time and the bytes of it."""
    met = [] if habits.is_empty() else [habits]
    none = pl.lit(0, pl.Int64)
    plain = (pl.col("step").alias("first"), pl.col("last"))
    if not contacts.is_empty():
        net = contacts.select(
            "device", pl.format("#{}", "net").alias("key"), *plain, "named", bytes_out=none, bytes_in=none
        )
        bare = net.filter(~pl.col("named")).with_columns(key=pl.lit("?") + pl.col("key").str.slice(1))
        met += [
            contacts.select("device", pl.format("={}", "dest").alias("key"), *plain, bytes_out="out", bytes_in="into"),
            net.drop("named"),
            bare.drop("named"),
        ]
    if not services.is_empty():
        met.append(services.select("device", "key", *plain, bytes_out=none, bytes_in=none))
    if not met:
        return known
    devices = pl.concat(rows.select("device") for rows in met)["device"].unique().to_list()
    speaks = pl.col("device").is_in(devices)
    others = known.filter(~speaks)
    joined = pl.concat([others, _added([known.filter(speaks), *met])])
    return joined.rechunk() if joined.n_chunks() > CHUNKS else joined


def _added(rows: list[pl.DataFrame]) -> pl.DataFrame:
    """Rows of the same key brought together."""
    return (
        pl.concat(rows)
        .group_by("device", "key")
        .agg(pl.col("first").min(), pl.col("last").max(), pl.col("bytes_out").sum(), pl.col("bytes_in").sum())
    )


def first_contacts(contacts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The contacts, `met`: when the destination was first met (step), `new`: it was now, and the bytes so far.

    Args:
        contacts: of some devices, all of theirs.
        known: with these contacts learned already.
    """
    keys = [
        contacts.select("device", pl.format(prefix + "{}", column).alias("key"))
        for prefix, column in (("=", "dest"), ("#", "net"), ("?", "net"))
    ]
    firsts = pl.concat(keys).join(known.drop("last"), on=["device", "key"], how="left", maintain_order="left")
    count = contacts.height
    contacts = contacts.hstack([
        firsts["first"].slice(0, count).alias("met"),
        firsts["first"].slice(count, count).alias("net_met"),
        firsts["first"].slice(2 * count, count).alias("bare_met"),
        firsts["bytes_out"].slice(0, count),
        firsts["bytes_in"].slice(0, count),
    ])  # fmt: skip
    now = pl.col("step")
    known_otherwise = pl.when(pl.col("named")).then(pl.col("bare_met") < now).otherwise(pl.col("net_met") < now)
    after = {
        "sent": pl.col("out").cum_sum(reverse=True).over("device", "dest") - pl.col("out"),
        "got": pl.col("into").cum_sum(reverse=True).over("device", "dest") - pl.col("into"),
    }
    return contacts.with_columns(
        new=(pl.col("met") == now) & ~known_otherwise.fill_null(False),
        elsewhere=pl.min_horizontal("met", pl.when(pl.col("named")).then("bare_met").otherwise("net_met")),
        sent=pl.col("bytes_out") - after["sent"],
        got=pl.col("bytes_in") - after["got"],
    )


def early_contacts(contacts: pl.DataFrame, known: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """As `first_contacts`, of devices that are not `settled`; theirs is an hour after their first contact."""
    mine = contacts.join(settled, on="device", how="anti")
    if mine.is_empty():
        return nothing(MET)
    began = known.filter(pl.col("key").str.starts_with("=")).group_by("device").agg(pl.col("first").min())
    mine = mine.join(began.select("device", settled=pl.col("first") + HOUR), on="device", maintain_order="left")
    return first_contacts(mine, known).select(*MET)


def follow(known: pl.DataFrame, other: str, device: str) -> pl.DataFrame:
    """What `other` has met before is met by `device`, of which it is a part from now on."""
    if not (known["device"] == other).any():
        return known
    whose = pl.when(pl.col("device") == other).then(pl.lit(device)).otherwise("device")
    times = (pl.col("first").min(), pl.col("last").max())
    renamed = known.with_columns(device=whose).group_by("device", "key")
    return renamed.agg(*times, pl.col("bytes_out", "bytes_in").sum()).select(known.columns).sort("device", "key")


def forget(known: pl.DataFrame, before: int) -> pl.DataFrame:
    """Without what has not been met since `before`, and at most 8,192 per device, the latest first."""
    kept = known.filter(pl.col("last") >= before).sort("device", "last", "key", descending=[False, True, False])
    return kept.filter(pl.int_range(pl.len()).over("device") < 8192).sort("device", "key")
