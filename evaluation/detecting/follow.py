"""Runs the traffic of a scenario through the whole pipeline, from an empty state, with the settings as shipped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

import polars as pl
from evaluation.detecting.expected import Malformed

from cordon.config import Config
from cordon.model.device import Device
from cordon.model.facts import Facts
from cordon.model.finding import Finding
from cordon.model.incident import Incident
from cordon.model.tables import HOUR
from cordon.pipeline import Pipeline
from cordon.sources import SourceError, open_source
from cordon.sources.zeek.logs import LOGS

KEY: Final = bytes(range(32))

KEPT: Final = (
    "flow", "step", "began", "first", "last", "src", "dst", "dst_port", "proto", "src_mac", "dst_mac", "packets_out",
    "packets_in", "name",
)  # fmt: skip
"""Columns of flows that are counted with."""


@dataclass(slots=True)
class Outcome:
    """What came of some traffic; `begin` and `end` are its first and last packet, µs."""

    begin: int = 0
    end: int = 0
    packets: int = 0
    seconds: float = 0.0
    is_log: bool = False
    devices: dict[str, Device] = field(default_factory=dict)
    addresses: dict[str, set[str]] = field(default_factory=dict)  # MAC and IP addresses of each device
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)  # first and last sign of each device, µs
    findings: dict[str, Finding] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    flows: pl.DataFrame = field(default_factory=pl.DataFrame)


def files_of(traffic: Path) -> list[Path]:
    """The files to read: the capture, or the connection log with what else Zeek wrote beside it."""
    if traffic.suffix != ".log":
        return [traffic]
    beside = (traffic.with_name(f"{name}.log") for name in LOGS if name != "conn")
    return [traffic, *(file for file in beside if file.is_file() and file.stat().st_size)]


def follow(traffic: Path | Sequence[Path], *, flows: bool = False, networks: Sequence[str] = ()) -> Outcome:
    """Follows traffic; with `flows` (always for logs) the rows of flows are kept too. `networks` are the site's own.

    Raises:
        Malformed: it cannot be read.
    """
    files = files_of(traffic) if isinstance(traffic, Path) else list(traffic)
    out, began, kept = Outcome(is_log=files[0].suffix == ".log"), perf_counter(), []
    pipeline = Pipeline("site", Config(site="site"), KEY)
    try:
        source = open_source(files, site="site", window=HOUR, secret_key=KEY, networks=networks)
        for window in source:
            if flows or out.is_log:
                kept.append(window.table("flows").select(KEPT))
            for facts in pipeline.advance(window):
                _gather(out, facts)
    except SourceError as error:
        raise Malformed(str(error)) from None
    for facts in pipeline.finish():
        _gather(out, facts)
    stats = source.stats()
    out.begin, out.end, out.packets = stats["first"], stats["last"], stats["packets"]
    if not stats["first"]:
        raise Malformed(f"{files[0]} holds nothing that could be read.")
    out.failures = dict(pipeline.health.reasons)
    out.seconds = perf_counter() - began
    out.flows = pl.concat(kept) if kept else out.flows
    return out


def _gather(out: Outcome, facts: Facts) -> None:
    for device in facts.devices:
        out.devices[device.id] = device
        out.addresses.setdefault(device.id, set()).update((*device.macs, *device.ips))
    out.findings.update({one.id: one for one in facts.findings})
    out.incidents.update({one.id: one for one in facts.incidents})
    if facts.presence is not None:
        for device, first, last in facts.presence.select("device", "first_seen", "last_seen").iter_rows():
            known = out.spans.get(device, (first, last))
            out.spans[device] = (min(known[0], first), max(known[1], last))
