"""Events of flows: one row each, told when it is over."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.logs import Rows
from cordon.sources.parsing import complete, epoch, least_payload, number, protocol, text
from cordon.sources.suricata.rows import ended, service, unnested

FLOW: Final = pl.Struct(
    dict.fromkeys(
        ("pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "start", "end", "state", "reason"),
        pl.String,
    )
)


TCP: Final = pl.Struct(dict.fromkeys(("tcp_flags_ts", "tcp_flags_tc", "state"), pl.String))


SYN, RST = 0x02, 0x04


def flow(rows: pl.DataFrame, _: Context) -> Rows:
    rows = unnested(unnested(ended(rows), "flow_told"), "tcp")
    rows = rows.with_columns(
        first=pl.coalesce(epoch("flow_told_start"), "time"),
        last=pl.coalesce(epoch("flow_told_end"), epoch("flow_told_start"), "time"),
        proto=protocol("proto"),
        flags_out=_hex("tcp_tcp_flags_ts"),
        flags_in=_hex("tcp_tcp_flags_tc"),
        packets_out=number("flow_told_pkts_toserver"),
        packets_in=number("flow_told_pkts_toclient"),
        bytes_out=number("flow_told_bytes_toserver"),
        bytes_in=number("flow_told_bytes_toclient"),
        service=service(),
    ).with_columns(state=_state())
    flows = rows.with_columns(
        began="first",
        is_first=pl.lit(True),
        is_last=pl.lit(True),
        src="client",
        dst="server",
        src_port="source_port",
        dst_port="port",
        src_mac="mac",
        dst_mac="server_mac",
        payload_out=least_payload("out", link=14, address="client"),
        payload_in=least_payload("in", link=14, address="client"),
        opener_known=(pl.col("proto") != 6) | (pl.col("flags_out") & SYN > 0),
        end=pl.when(pl.col("state").is_in(["closed", "reset"]))
        .then("state")
        .when(pl.col("state") == "refused")
        .then(pl.lit("reset"))
        .otherwise(pl.lit("idle")),
    )
    return {"flows": complete("flows", flows)}


def _hex(name: str) -> pl.Expr:
    return pl.col(name).str.to_integer(base=16, strict=False).fill_null(0).cast(pl.Int64).clip(0, 255).cast(pl.UInt8)


def _state() -> pl.Expr:
    """The state of a TCP connection from the flags of both ways and Suricata's own state."""
    told, out, into = text("tcp_state"), pl.col("flags_out"), pl.col("flags_in")
    opened = (out & SYN > 0) & (into & SYN > 0)
    return (
        pl.when(pl.col("proto") != 6)
        .then(pl.lit(""))
        .when((out & SYN > 0) & (into & SYN == 0) & (into & RST > 0))
        .then(pl.lit("refused"))
        .when((out & SYN > 0) & (into & SYN == 0))
        .then(pl.lit("opening"))
        .when(opened & ((out | into) & RST > 0))
        .then(pl.lit("reset"))
        .when(
            opened & told.is_in(["closed", "time_wait", "last_ack", "closing", "fin_wait1", "fin_wait2", "close_wait"])
        )
        .then(pl.lit("closed"))
        .when(opened | told.is_in(["established"]))
        .then(pl.lit("open"))
        .otherwise(pl.lit("partial"))
    )
