"""Records of flow export, one for each direction, become rows of flows that have an opener and two ways."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from cordon.model.tables import FLOWS, MINUTE, STEP, Schema
from cordon.sources.flowfields import Words
from cordon.sources.parsing import GROUP, complete, hashed, least_payload, segment
from cordon.sources.spread import MOST_BYTES, MOST_PACKETS, spread

IDLE: Final = 30 * MINUTE
"""After so long without a record a flow is over: the longest active timeout that exporters are set to."""

MOST_FLOWS: Final = 500_000
SYN, FIN, RST, ACK = 0x02, 0x01, 0x04, 0x10
END_OF_FLOW: Final = 3  # flowEndReason, RFC 5102

RUNNING: Final[Schema] = {
    "key": pl.UInt64,
    "flow": pl.UInt64,
    "opener": pl.String,
    "opener_port": pl.UInt16,
    "began": pl.Int64,
    "seen": pl.Int64,
    "so_far_out": pl.UInt8,
    "so_far_in": pl.UInt8,
    "answered": pl.Boolean,
}
"""Flows that go on: who opened them, and what was seen so far."""

_SUMS: Final = ("packets_out", "packets_in", "bytes_out", "bytes_in")


class Pairing:
    """Joins the two directions of each flow, and remembers the flows that go on: at most `MOST_FLOWS`."""

    def __init__(self, untagged: str) -> None:
        self._untagged = untagged
        self._running = pl.DataFrame(schema=RUNNING)
        self.evicted = 0

    def rows(self, records: Mapping[str, Words], exporters: Sequence[str]) -> pl.DataFrame:
        """The rows of flows (columns of `FLOWS`, cut at steps) of records as `flowexport.Decoder` hands them out.

        Counters of samples are multiplied by the sampling rate. Who opened a flow is told by a lone SYN, by a group
        address, by a port below 1024 on one side only, else by who spoke first.
        """
        told = _read(records, exporters, self._untagged)
        if told.is_empty():
            return complete("flows", pl.DataFrame(schema={"flow": pl.UInt64}))
        self._running = pl.concat([self._running, _opened(told, self._running)])
        rows = _oriented(told.join(self._running, on="key", how="left", maintain_order="left"))
        flags = rows.group_by("key").agg(
            pl.col("flags_out").bitwise_or().alias("new_out"),
            pl.col("flags_in").bitwise_or().alias("new_in"),
            (pl.col("packets_in").sum() > 0).alias("new_answered"),
            (pl.col("reason") == END_OF_FLOW).any().alias("over"),
            pl.col("last").max().alias("new_seen"),
            pl.col("packets_out").sum().alias("sent"),
        )
        known = self._running.join(flags, on="key", how="inner").with_columns(
            so_far_out=pl.col("so_far_out") | pl.col("new_out"),
            so_far_in=pl.col("so_far_in") | pl.col("new_in"),
            answered=pl.col("answered") | pl.col("new_answered"),
            fresh=pl.col("seen") == 0,
        )
        both = pl.col("so_far_out") & pl.col("so_far_in")
        known = known.with_columns(
            over=pl.col("over") | (both & FIN > 0) | ((pl.col("so_far_out") | pl.col("so_far_in")) & RST > 0),
            seen=pl.max_horizontal("seen", "new_seen"),
        )
        flows = _flows(rows, known)
        self._remember(known)
        return merged(spread(flows))

    def _remember(self, known: pl.DataFrame) -> None:
        kept = pl.concat(
            [
                self._running.join(known, on="key", how="anti"),
                known.filter(~pl.col("over")).select(*RUNNING),
            ]
        )
        latest = kept["seen"].max()
        kept = kept.filter(pl.col("seen") > (latest if isinstance(latest, int) else 0) - IDLE)
        if kept.height > MOST_FLOWS:
            self.evicted += kept.height - MOST_FLOWS
            kept = kept.sort("seen", "key").tail(MOST_FLOWS)
        self._running = kept


def _read(records: Mapping[str, Words], exporters: Sequence[str], untagged: str) -> pl.DataFrame:
    """Records as a frame with addresses as text, and the key that both directions of a flow share."""
    told = pl.DataFrame({name: pl.Series(values, dtype=pl.UInt64) for name, values in records.items()})
    if told.is_empty():
        return told
    told = told.with_columns(
        src=_address("src", told),
        dst=_address("dst", told),
        src_mac=_mac("src_mac", told),
        dst_mac=_mac("dst_mac", told),
        proto=pl.col("proto").clip(0, 255).cast(pl.UInt8),
        src_port=(pl.col("src_port") & 0xFFFF).cast(pl.UInt16),
        dst_port=(pl.col("dst_port") & 0xFFFF).cast(pl.UInt16),
        flags_out=(pl.col("flags_out") & 0xFF).cast(pl.UInt8),
        flags_in=(pl.col("flags_in") & 0xFF).cast(pl.UInt8),
        segment=segment((pl.col("vlan") & 0xFFF).cast(pl.String), untagged),
        **{name: _count(name, MOST_PACKETS if name.startswith("packets") else MOST_BYTES) for name in _SUMS},
        **{name: pl.col(name).clip(0, 1 << 52).cast(pl.Int64) for name in ("first", "last")},
        exporter=pl.col("exporter").replace_strict(dict(enumerate(exporters)), default="", return_dtype=pl.String),
    )
    told = told.filter((pl.col("src") != "") & (pl.col("dst") != ""))
    icmp = pl.col("proto").is_in([1, 58])
    sides = [
        pl.when(icmp).then(one).otherwise(pl.concat_str(one, f"{one}_port", separator="|")) for one in ("src", "dst")
    ]
    ends = (pl.min_horizontal(sides), pl.max_horizontal(sides))
    return told.with_columns(key=hashed(told, "segment", "proto", *ends, "exporter"))


def _count(name: str, most: int) -> pl.Expr:
    sampling = pl.col("sampling").clip(1, 1 << 16)
    return (pl.col(name).clip(0, most // 4) * sampling).clip(0, most).cast(pl.Int64)


def _address(name: str, told: pl.DataFrame) -> pl.Expr:
    four = pl.concat_str([(pl.col(name) // 256**at) & 255 for at in (3, 2, 1, 0)], separator=".")
    pairs = told.filter(pl.col("six") == 1).select(f"{name}_high", f"{name}_low").unique()
    if pairs.is_empty():
        return four
    text = {f"{high}|{low}": str(ipaddress.IPv6Address(high << 64 | low)) for high, low in pairs.iter_rows()}
    joined = pl.concat_str(f"{name}_high", f"{name}_low", separator="|")
    six = joined.replace_strict(text, default="", return_dtype=pl.String)
    return pl.when(pl.col("six") == 1).then(six).otherwise(four)


def _mac(name: str, told: pl.DataFrame) -> pl.Expr:
    values = told[name].unique().to_list()
    text = {value: value.to_bytes(8, "big")[2:].hex(":") if value else "" for value in values}
    return pl.col(name).replace_strict(text, default="", return_dtype=pl.String)


def _opened(told: pl.DataFrame, running: pl.DataFrame) -> pl.DataFrame:
    """The flows that are new, each with its opener."""
    fresh = told.join(running, on="key", how="anti")
    low_src, low_dst = pl.col("src_port") < 1024, pl.col("dst_port") < 1024
    tcp = pl.col("proto") == 6
    ports = pl.col("proto").is_in([6, 17])
    forward = (
        pl.when(tcp & (pl.col("flags_out") & (SYN | ACK) == SYN))
        .then(0)  # sure
        .when(pl.col("dst").str.contains(GROUP))
        .then(1)
        .when(ports & low_dst & ~low_src)
        .then(2)
        .when(ports & low_src & ~low_dst)
        .then(4)
        .otherwise(3)
    )
    first = fresh.with_columns(rank=forward).sort("rank", "first", -pl.col("src_port").cast(pl.Int32), "src")
    chosen = first.group_by("key", maintain_order=True).first()
    turned = pl.col("rank") == 4
    began = fresh.group_by("key").agg(pl.col("first").min().alias("began"))
    chosen = chosen.drop("began", strict=False).join(began, on="key")
    return chosen.with_columns(flow=hashed(chosen, "key", "began")).select(
        "key",
        "flow",
        opener=pl.when(turned).then("dst").otherwise("src"),
        opener_port=pl.when(turned).then("dst_port").otherwise("src_port"),
        began="began",
        seen=pl.lit(0, pl.Int64),
        so_far_out=pl.lit(0, pl.UInt8),
        so_far_in=pl.lit(0, pl.UInt8),
        answered=pl.lit(False),
    )


def _oriented(rows: pl.DataFrame) -> pl.DataFrame:
    """The records with their opener as source."""
    same_host = pl.col("src") == pl.col("dst")
    ours = (pl.col("src") == pl.col("opener")) & (~same_host | (pl.col("src_port") == pl.col("opener_port")))
    icmp = pl.col("proto").is_in([1, 58])
    turned = {}
    for column in ("src", "dst", "src_mac", "dst_mac", "src_port", "dst_port", *_SUMS, "flags_out", "flags_in"):
        other = {"src": "dst", "dst": "src", "out": "in", "in": "out"}
        opposite = "_".join(other.get(part, part) for part in column.split("_"))
        keep = ours | icmp if column in {"src_port", "dst_port"} else ours
        turned[column] = pl.when(keep).then(column).otherwise(opposite)
    return rows.with_columns(**turned)


def _flows(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Each record as a whole flow of its own span, with the state that is known by now."""
    state = known.select("key", "over", "fresh", "so_far_out", "so_far_in", sure=pl.col("answered"))
    rows = rows.drop("so_far_out", "so_far_in").join(state, on="key", how="left", maintain_order="left")
    rows = rows.sort("first", "last", "key", "packets_out", "packets_in")
    at = pl.int_range(pl.len()).over("key")
    rows = rows.with_columns(
        is_first=pl.col("fresh") & (at == 0), is_last=pl.col("over") & (at == pl.len().over("key") - 1)
    )
    rows = rows.with_columns(state=_state(), flags_out="so_far_out", flags_in="so_far_in")
    syn = pl.col("so_far_out") & SYN > 0
    return complete(
        "flows",
        rows.with_columns(
            payload_out=least_payload("out", link=0, address="src"),
            payload_in=least_payload("in", link=0, address="src"),
            opener_known=pl.when(pl.col("proto") == 6).then(syn).otherwise(True),
            end=pl.when(~pl.col("is_last"))
            .then(pl.lit(""))
            .when(pl.col("state") == "reset")
            .then(pl.lit("reset"))
            .otherwise(pl.lit("closed")),
            step=pl.lit(0),
        ),
    )


def _state() -> pl.Expr:
    out, into = pl.col("so_far_out"), pl.col("so_far_in")
    opened = (out & SYN > 0) & (into & SYN > 0)
    return (
        pl.when(pl.col("proto") != 6)
        .then(pl.lit(""))
        .when((out & SYN > 0) & (into & SYN == 0) & (into & RST > 0))
        .then(pl.lit("refused"))
        .when((out & SYN > 0) & ~pl.col("sure"))
        .then(pl.lit("opening"))
        .when(opened & ((out | into) & RST > 0))
        .then(pl.lit("reset"))
        .when(opened & (out & into & FIN > 0))
        .then(pl.lit("closed"))
        .when(opened)
        .then(pl.lit("open"))
        .otherwise(pl.lit("partial"))
    )


def merged(flows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one flow within one step added up; the latest state counts."""
    sums = ("packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in")
    special = {"step", "flow", "is_first", "is_last", "first", "last", "flags_out", "flags_in", "state", "end", *sums}
    macs = ("src_mac", "dst_mac")
    rest = [column for column in FLOWS if column not in special and column not in macs]
    return (
        flows.sort("step", "flow", "first", "last")
        .group_by("step", "flow", maintain_order=True)
        .agg(
            pl.col(rest).first(),
            *(pl.col(mac).filter(pl.col(mac) != "").first().fill_null("") for mac in macs),
            pl.col(sums).sum(),
            pl.col("flags_out", "flags_in").bitwise_or(),
            pl.col("state").last(),
            pl.col("end").max(),
            pl.col("is_first", "is_last").any(),
            pl.col("first").min(),
            pl.col("last").max(),
        )
        .select(*FLOWS)
    )


def not_before(flows: pl.DataFrame, begin: int) -> pl.DataFrame:
    """The rows; those of steps that are over count for the step that begins then. Their times stay."""
    return flows.with_columns(pl.col("step").clip(lower_bound=begin - begin % STEP))
