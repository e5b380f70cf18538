"""Reads Suricata's events (EVE JSON), block by block, and gives each to what knows its type."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.tables import STEP
from cordon.sources.context import Context
from cordon.sources.damage import Damage
from cordon.sources.jsonlines import Fields, decoded
from cordon.sources.lines import blocks, head
from cordon.sources.logs import Rows
from cordon.sources.parsing import LINE, address, epoch, hashed, mac, numbered, port, segment, sound
from cordon.sources.reports import TEXTS
from cordon.sources.suricata.events import EVENTS

_TYPE: Final = r'"event_type"\s*:\s*"([a-z0-9_]+)"'


def is_eve(path: Path) -> bool:
    """Whether a file's beginning looks like Suricata's events.

    Raises:
        SourceError: the file is missing or cannot be read.
    """
    start = head(path).decode("utf-8", "replace").lstrip()
    return start.startswith("{") and '"event_type"' in start


def parse(path: Path, damage: Damage, context: Context) -> Iterator[tuple[int, Rows]]:
    """The file's rows, block by block.

    Raises:
        SourceError: the file vanished or cannot be read any more.
    """
    for block in blocks(path, damage):
        lines = numbered(block).with_columns(event=pl.col("line").str.extract(_TYPE))
        lost = lines.filter(pl.col("event").is_null())
        if lost.height:
            damage.add("event: broken line", f"{path.name}:{lost[LINE][0]}", lost.height)
        for name, event in EVENTS.items():
            mine = lines.filter(pl.col("event") == name)
            if mine.height:
                rows = decoded(
                    mine.select(LINE, "line"), {**_COMMON, **event.fields}, damage, "event: broken line", path.name
                )
                yield block.position, event.read(_common(rows, context, damage, path.name), context)


_COMMON: Final[Fields] = {
    "timestamp": pl.String,
    "flow_id": pl.String,
    "src_ip": pl.String,
    "src_port": pl.String,
    "dest_ip": pl.String,
    "dest_port": pl.String,
    "proto": pl.String,
    "vlan": TEXTS,
    "ether": pl.Struct({"src_mac": pl.String, "dest_mac": pl.String, "src_macs": TEXTS, "dest_macs": TEXTS}),
}


def _common(rows: pl.DataFrame, context: Context, damage: Damage, place: str) -> pl.DataFrame:
    """Rows with time, ends, flow and network; those without a time are damage."""
    ether = pl.col("ether").struct
    if "flow" in rows.columns:
        rows = rows.rename({"flow": "flow_told"})
    rows = rows.with_columns(
        source_mac=pl.coalesce(ether.field("src_mac"), ether.field("src_macs").list.first()),
        target_mac=pl.coalesce(ether.field("dest_mac"), ether.field("dest_macs").list.first()),
    ).with_columns(
        time=epoch("timestamp"),
        flow=hashed(rows, "flow_id"),
        segment=segment(pl.col("vlan").list.first(), context.segment),
        client=address("src_ip"),
        server=address("dest_ip"),
        source_port=port("src_port"),
        port=port("dest_port"),
        mac=mac("source_mac"),
        server_mac=mac("target_mac"),
    )
    rows = sound(rows, ["time"], damage, "event: no time", place)
    return rows.with_columns(step=pl.col("time") // STEP * STEP)
