"""Columns of text become columns of the contract, whole columns at a time; what does not fit is counted as damage."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from cordon.model.tables import STEP, TABLES, nothing
from cordon.sources.damage import Damage
from cordon.sources.lines import Block

LINE: Final = "_line"
"""The column that carries each row's line number while it is parsed."""

ADDRESS: Final = r"^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f:]*:[0-9a-f:.]*)$"
MAC: Final = r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"
LATEST: Final = 4_102_444_800_000_000  # 2100-01-01: later times are damage
PROTOCOLS: Final = {"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "ipv6-icmp": 58, "icmp6": 58, "sctp": 132}
DNS_PORTS: Final = {5353: "mdns", 5355: "llmnr", 137: "nbns"}
"""What is spoken on ports other than 53 that speaks DNS."""

GROUP: Final = r"^(22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff[0-9a-f]{2}:"
"""Multicast and broadcast addresses: nobody opens a flow from there."""

_NUMBER: Final = 1 << 50
_HASHED: Final = 128


def text(name: str) -> pl.Expr:
    """A column of text, "" where there is nothing."""
    return pl.col(name).fill_null("")


def number(name: str) -> pl.Expr:
    """A column of whole numbers from 0 on; 0 where there is none or something else."""
    value = pl.col(name)
    return (
        value.cast(pl.Int64, strict=False)
        .fill_null(value.cast(pl.Float64, strict=False).fill_nan(0).clip(0, _NUMBER).cast(pl.Int64, strict=False))
        .fill_null(0)
        .clip(0, _NUMBER)
    )


def port(name: str) -> pl.Expr:
    """A column of ports; 0 where there is none."""
    return pl.col(name).cast(pl.UInt16, strict=False).fill_null(0)


def epoch(name: str) -> pl.Expr:
    """Times in seconds since the epoch, or as ISO 8601, as microseconds; null where they are neither, or absurd."""
    seconds = pl.col(name).cast(pl.Float64, strict=False)
    iso = pl.col(name).str.replace(r"(Z|[+-]00:?00)$", "").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False)
    zoned = pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False, time_unit="us")
    time = pl.coalesce(
        pl.when(seconds.is_between(0, LATEST / 1e6)).then((seconds * 1_000_000).round().cast(pl.Int64, strict=False)),
        iso.dt.timestamp("us"),
        zoned.dt.timestamp("us"),
    )
    return pl.when(time.is_between(1, LATEST)).then(time)


def protocol(name: str) -> pl.Expr:
    """Protocols by name or number as their IANA numbers; 0 where there is none."""
    value = text(name).str.to_lowercase()
    number_ = value.replace_strict(PROTOCOLS, default=None, return_dtype=pl.UInt8)
    return pl.coalesce(number_, value.cast(pl.UInt8, strict=False), pl.lit(0, pl.UInt8))


def span(name: str) -> pl.Expr:
    """Seconds as microseconds; 0 where there are none."""
    seconds = pl.col(name).cast(pl.Float64, strict=False).fill_nan(0).fill_null(0).clip(0, LATEST / 1e6)
    return (seconds * 1_000_000).round().cast(pl.Int64)


def address(name: str) -> pl.Expr:
    """Addresses in lower case without a zone; null where there is none."""
    value = pl.col(name).str.to_lowercase().str.replace(r"%.*$", "")
    return pl.when(value.str.contains(ADDRESS)).then(value)


def mac(name: str) -> pl.Expr:
    """MAC addresses in lower case with colons; "" where there is none."""
    value = pl.col(name).str.to_lowercase().str.replace_all("-", ":", literal=True)
    return pl.when(value.str.contains(MAC)).then(value).otherwise(pl.lit("")).fill_null("")


def domain(name: str) -> pl.Expr:
    """Names in lower case, without the final dot."""
    return text(name).str.to_lowercase().str.strip_suffix(".")


def segment(vlan: pl.Expr, untagged: str) -> pl.Expr:
    """The name of the broadcast domain from a VLAN number as text."""
    tagged = vlan.fill_null("").str.contains(r"^[1-9]\d{0,3}$")
    return pl.when(tagged).then(pl.concat_str(pl.lit(untagged + "."), vlan)).otherwise(pl.lit(untagged))


def hashed(rows: pl.DataFrame, *columns: str | pl.Expr) -> pl.Series:
    """64 bits for each row from its columns: the same on every machine and in every release, unlike a frame's own
    hash. Of the columns together the first 128 bytes count."""
    parts = [(pl.col(one) if isinstance(one, str) else one).cast(pl.String).fill_null("") for one in columns]
    texts = rows.select(_text=pl.concat_str(parts, separator="|") + "\0" * _HASHED).get_column("_text").cast(pl.Binary)
    mixed = np.full(rows.height, 0x9E3779B97F4A7C15, np.uint64)
    for at in range(0, _HASHED, 8):
        word = texts.bin.slice(at, 8).bin.reinterpret(dtype=pl.UInt64, endianness="little").to_numpy()
        mixed = (mixed ^ word) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x94D049BB133111EB)
    return pl.Series("hash", mixed ^ (mixed >> np.uint64(31)), dtype=pl.UInt64)


def least_payload(way: str, *, link: int, address: str) -> pl.Expr:
    """The least that must have been above TCP or UDP where only packets and bytes are told: all headers as long as
    they may usually be. `link` is the length of the link's header if it is counted in."""
    six = pl.col(address).str.contains(":", literal=True)
    network = pl.when(six).then(40).otherwise(20) + link
    header = pl.when(pl.col("proto") == 6).then(network + 40).otherwise(network + 8)  # TCP: 20 and as much of options
    least = pl.col(f"bytes_{way}") - pl.col(f"packets_{way}") * header
    return pl.when(pl.col("proto").is_in([6, 17])).then(least.clip(lower_bound=0)).otherwise(0)


def numbered(block: Block) -> pl.DataFrame:
    """The lines of a block that are not empty: columns `LINE` and `line`."""
    return (
        pl.Series("line", [block.text])
        .str.split("\n")
        .explode(empty_as_null=False)
        .str.strip_suffix("\r")
        .to_frame()
        .with_row_index(LINE)
        .with_columns(pl.col(LINE).cast(pl.Int64) + block.line)
        .filter(pl.col("line") != "")
    )


def complete(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in the table's columns; those the source does not tell are empty. Reckons `step` from `time`."""
    if "time" in rows.columns and "step" not in rows.columns:
        rows = rows.with_columns(step=pl.col("time") // STEP * STEP)
    absent = [
        pl.lit(nothing(kind), kind).alias(column)
        for column, kind in TABLES[table].items()
        if column not in rows.columns
    ]
    rows = rows.with_columns(absent)
    return rows.select(pl.col(column).cast(kind) for column, kind in TABLES[table].items())


def sound(rows: pl.DataFrame, needed: Sequence[str], damage: Damage, kind: str, place: str) -> pl.DataFrame:
    """The rows in which nothing needed is missing; others are damage."""
    whole = rows.select(pl.all_horizontal(pl.col(needed).is_not_null())).to_series()
    lost = rows.filter(~whole)
    if lost.height:
        damage.add(kind, f"{place}:{lost[LINE][0]}", lost.height)
        rows = rows.filter(whole)
    return rows


def wanted(rows: pl.DataFrame, fields: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    """The rows with exactly these columns (and their line); absent ones are null."""
    absent = [pl.lit(None, kind).alias(name) for name, kind in fields.items() if name not in rows.columns]
    return rows.with_columns(absent).select(LINE, *fields)
