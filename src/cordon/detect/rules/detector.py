"""Rules of owners as detectors: each looks at its rows of a window, and counts over its span."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import polars as pl

from cordon.detect.data.weights import WEIGHTS
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import parties
from cordon.detect.rules.rule import ENDS, Rule
from cordon.detect.tallies import counted
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.sides import owner, owners
from cordon.model.tables import STEP


class OwnersRule(Detector):
    """A rule of the owner. Each has a class of its own, made by `detectors_of`."""

    rule: ClassVar[Rule]

    def look(self, seen: Features) -> Iterator[Finding]:
        rule = self.rule
        rows = seen.talks if rule.table == "talks" else seen.window.tables.get(rule.table)
        if rows is None or rows.is_empty():
            return
        met = seen.now(rows.filter(rule.when))
        met = _owned(seen, met, rule)
        if met.is_empty():
            return
        time = "first" if rule.table == "flows" else "time"
        order = [name for name, kind in met.schema.items() if not isinstance(kind, pl.List)]
        met = met.sort("step", "owner", time, *(name for name in order if name not in {"step", "owner", time}))
        firsts = met.group_by("step", "owner", maintain_order=True).agg(pl.all().first(), count=pl.len())
        if rule.count is None:
            firsts = firsts.with_columns(began=pl.col(time))
        else:
            counts = counted(seen, met.with_columns(at=pl.col(time)), rule.count)
            firsts = firsts.drop("count", "began", strict=False).join(counts, on=["owner", "step"], how="inner")
        for row in firsts.sort("step", "owner").iter_rows(named=True):
            yield self._found(row)

    def _found(self, row: dict[str, Any]) -> Finding:
        rule, device = self.rule, row["owner"]
        end = ENDS[rule.table][rule.side]
        if rule.table == "talks":
            where = [("device", device)]
        else:
            where = [(name, str(row[name])) for name in ("segment", end.mac, end.ip) if name]
        counts = (("count", int(row["count"])),)
        return self.finding(
            device,
            rule.says.format_map(row),
            began=row["began"],
            noticed=row["step"] + STEP,
            measured=(("rule", rule.name), *counts),
            peers=(row.get("other", ""),),
            rows=Rows(rule.table, row["began"] // STEP * STEP, row["step"] + STEP, tuple(where)),
        )


def _owned(seen: Features, rows: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The rows with the device they are of (`owner`), and the one at their other end (`other`)."""
    if rows.is_empty():
        return rows
    ends = ENDS[rule.table]
    if rule.table == "talks":
        told = rows.with_columns(owner="device", other="peer_device")
    elif not ends[rule.side].ip and ends[rule.side].mac:
        told = owner(rows, seen.state.bindings, mac=ends[rule.side].mac, into="owner").with_columns(other=pl.lit(""))
    else:
        if rule.table in {"flows", "alerts"}:
            names = {f"{side}_device": end for side, end in ends.items()}
            told = owners(rows, seen.state.bindings, seen.state.devices, names)
        else:
            told = parties(seen.state, rows)
        other = "server" if rule.side == "client" else "client"
        told = told.with_columns(owner=f"{rule.side}_device", other=f"{other}_device")
    return told.filter(pl.col("owner") != "")


def detectors_of(rules: Sequence[Rule]) -> tuple[Detector, ...]:
    """A detector for each rule."""
    return tuple(_class_of(rule)() for rule in rules)


def _class_of(rule: Rule) -> type[OwnersRule]:
    told: dict[str, Any] = {
        "__doc__": rule.explains or f"A rule of yours: {rule.place}",
        "rule": rule,
        "id": rule.id,
        "family": rule.family,
        "technique": rule.technique,
        "severity": rule.severity,
        "weight": WEIGHTS[max(rule.severity, Severity.LOW)],
        "span": max(rule.pause, rule.count.within if rule.count else 0),
    }
    return type("OwnersRule", (OwnersRule,), told)
