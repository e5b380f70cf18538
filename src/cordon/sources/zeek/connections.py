"""The log of connections (conn): one row each, told when it is over."""

from typing import Final

import polars as pl

from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.logs import Rows
from cordon.sources.parsing import GROUP, PROTOCOLS, complete, mac, number, segment, span, text
from cordon.sources.reports import by_port
from cordon.sources.zeek.rows import ended


def conn(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> Rows:
    rows = ended(rows, context, damage, "conn", place)
    proto = pl.col("proto").replace_strict(PROTOCOLS, default=None, return_dtype=pl.UInt8)
    rows = rows.with_columns(
        proto=pl.coalesce(
            pl.when((pl.col("proto") == "icmp") & pl.col("client").str.contains(":")).then(pl.lit(58, pl.UInt8)),
            proto,
            pl.col("ip_proto").cast(pl.UInt8, strict=False),
            pl.lit(0, pl.UInt8),
        ),
        segment=segment(pl.col("vlan"), context.segment),
        history=text("history"),
        conn_state=text("conn_state"),
    )
    tcp = pl.col("proto") == 6
    flows = rows.select(
        "flow",
        "segment",
        is_first=pl.lit(True),
        is_last=pl.lit(True),
        began=pl.col("time"),
        first=pl.col("time"),
        last=pl.col("time") + span("duration"),
        src_mac=mac("orig_l2_addr"),
        dst_mac=mac("resp_l2_addr"),
        src="client",
        dst="server",
        src_port="source_port",
        dst_port="port",
        proto="proto",
        opener_known=pl.when(tcp)
        .then(pl.col("history").str.contains("S", literal=True))
        .otherwise(~pl.col("history").str.starts_with("^")),
        packets_out=number("orig_pkts"),
        packets_in=number("resp_pkts"),
        bytes_out=_bytes("orig"),
        bytes_in=_bytes("resp"),
        payload_out=_payload("orig"),
        payload_in=_payload("resp"),
        flags_out=_flags(upper=True),
        flags_in=_flags(upper=False),
        state=pl.when(tcp).then(_state()).otherwise(pl.lit("")),
        service=_service(),
        end=pl.col("conn_state").replace_strict(_END, default="idle", return_dtype=pl.String),
    )
    return {"flows": complete("flows", _from_somebody(flows).with_columns(step=pl.lit(0)))}


_STATE: Final = {
    "S0": "opening", "SH": "opening", "RSTOS0": "opening", "REJ": "refused", "S1": "open", "S2": "open", "S3": "open",
    "SF": "closed", "RSTO": "reset", "RSTR": "reset", "RSTRH": "reset", "SHR": "partial", "OTH": "partial",
}  # fmt: skip


_END: Final = {
    "SF": "closed", "SH": "closed", "SHR": "closed", "REJ": "reset", "RSTO": "reset", "RSTR": "reset",
    "RSTOS0": "reset", "RSTRH": "reset",
}  # fmt: skip


_SERVICES: Final = {"ssl": "tls", "gssapi": "smb", "ntlm": "smb", "dce_rpc": "smb", "krb_tcp": "krb"}


def _state() -> pl.Expr:
    return pl.col("conn_state").replace_strict(_STATE, default="partial", return_dtype=pl.String)


def _bytes(side: str) -> pl.Expr:
    told = number(f"{side}_ip_bytes")
    return pl.when(told > 0).then(told).otherwise(number(f"{side}_bytes"))


def _payload(side: str) -> pl.Expr:
    """Zeek reckons payload from sequence numbers, which a forged one makes gigabytes: no more than the packets hold."""
    held, missed = number(f"{side}_ip_bytes"), number("missed_bytes")
    return (
        pl.when(held > 0)
        .then(pl.min_horizontal(number(f"{side}_bytes"), held + missed))
        .otherwise(number(f"{side}_bytes"))
    )


def _flags(*, upper: bool) -> pl.Expr:
    """TCP flags from the letters of the history: S SYN, H SYN+ACK, A ACK, D payload, F FIN, R RST; upper case: ours."""
    letters = {"S": 0x02, "H": 0x12, "A": 0x10, "D": 0x10, "F": 0x01, "R": 0x04}
    flags = pl.lit(0, pl.UInt8)
    for letter, bits in letters.items():
        there = pl.col("history").str.contains(letter if upper else letter.lower(), literal=True)
        flags = flags | pl.when(there & (pl.col("proto") == 6)).then(pl.lit(bits, pl.UInt8)).otherwise(
            pl.lit(0, pl.UInt8)
        )
    return flags


def _service() -> pl.Expr:
    first = text("service").str.to_lowercase().str.split(",").list.last().fill_null("")
    plain = first.replace(_SERVICES)
    return by_port(plain)


def _from_somebody(flows: pl.DataFrame) -> pl.DataFrame:
    """Flows turned round whose opener would be a group address: Zeek saw only what was sent to it."""
    turned = flows["src"].str.contains(GROUP) & ~flows["dst"].str.contains(GROUP)
    if not turned.any():
        return flows
    other = {"src": "dst", "dst": "src", "out": "in", "in": "out"}
    swapped = {}
    for column in flows.columns:
        parts = column.split("_")
        swapped["_".join(other.get(part, part) for part in parts)] = column
    round_ = flows.filter(turned).select(pl.col(old).alias(new) for new, old in swapped.items()).select(flows.columns)
    return pl.concat([flows.filter(~turned), round_])
