"""Zeek's connection logs of IoT-23, whose flows are labelled one by one; nothing is trained on them.

Stratosphere Laboratory, IoT-23 (Garcia, Parmisano, Erquiaga 2020). Flows of one kind of attack less than an hour apart
are one event. A flow counts as noticed when it is of what a finding selects (its peer, or its port and protocol), from
then on.
"""

import csv
from pathlib import Path
from typing import Final

import polars as pl
from evaluation.detecting.expected import Event, Expected
from evaluation.detecting.follow import Outcome
from evaluation.detecting.score import spoken_of

from cordon.model.families import ATTACKS
from cordon.model.tables import HOUR

KINDS: Final = (
    ("FileDownload", "download"),
    ("PartOfAHorizontalPortScan", "scan"),
    ("DDoS", "flood"),
    ("C&C", "command-and-control"),
    ("Okiru", "spread"),
    ("Attack", "exploit"),
)
"""What stands in a label, and its family; the first that does counts."""

LOCAL: Final = ("192.168.", "10.", "172.16.")


def labels(folder: Path) -> dict[str, str]:
    """Zeek's id of each malicious flow and its family."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["uid"]: next((family for said, family in KINDS if said in row["detail"]), "command-and-control")
            for row in csv.DictReader(file)
            if row["label"] != "benign"
        }


def flows_of(folder: Path) -> pl.DataFrame:
    """Flows of the log: uid, src, dst, port, proto, first and last (µs), family ("" for benign)."""
    rows, marked = [], labels(folder)
    for line in (folder / "conn.log").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        at = line.split("\t")
        first = round(float(at[0]) * 1_000_000)
        span = 0 if at[8] == "-" else round(float(at[8]) * 1_000_000)
        proto = {"tcp": 6, "udp": 17, "icmp": 1}.get(at[6], 0)
        rows.append((at[1], at[2], at[4], int(at[5]), proto, first, first + span, marked.get(at[1], "")))
    names = ["uid", "src", "dst", "port", "proto", "first", "last", "family"]
    return pl.DataFrame(rows, schema=names, orient="row")


def expected(folder: Path) -> Expected:
    """The events of a labelled log."""
    flows = flows_of(folder)
    begin, events = int(flows["first"].min()), []  # type: ignore[arg-type]  # there are rows, of integers
    bad = flows.filter(pl.col("family") != "").with_columns(
        device=pl.when(pl.col("src").str.starts_with("192.168.")).then("src").otherwise("dst")
    )
    for (family, device), mine in bad.sort("first").group_by(["family", "device"], maintain_order=True):
        spans: list[list[int]] = []
        for first, last in mine.select("first", "last").iter_rows():
            if spans and first - spans[-1][1] < HOUR:
                spans[-1][1] = max(spans[-1][1], last)
            else:
                spans.append([first, last])
        events += [Event(str(family), str(device), first - begin, last - begin) for first, last in spans]
    name = folder.name.removeprefix("CTU-").replace("-Capture", "")
    return Expected(name, folder / "conn.log", (), tuple(events), 0, quiet=not events)


def per_flow(folder: Path, out: Outcome) -> tuple[int, int, int, int]:
    """Flows noticed and malicious, noticed and benign, malicious, all."""
    flows = flows_of(folder).with_columns(noticed=pl.lit(False))
    for finding in out.findings.values():
        if finding.family not in ATTACKS or finding.rows is None:
            continue
        such = spoken_of(finding.rows, out.addresses.get(finding.device, ()), port="port")
        if not {"peer", "port"} & set(dict(finding.rows.where)):
            such &= pl.col("first") < finding.rows.end
        flows = flows.with_columns(noticed=pl.col("noticed") | such)
    bad = pl.col("family") != ""
    return tuple(  # type: ignore[return-value]  # four counts
        flows.select((pl.col("noticed") & bad).sum(), (pl.col("noticed") & ~bad).sum().alias("b"),
                     bad.sum().alias("c"), pl.len().alias("d")).row(0)
    )  # fmt: skip
