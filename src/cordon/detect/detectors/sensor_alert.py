"""The detector of what other sensors noticed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import polars as pl

from cordon.detect.data.alerts import TECHNIQUES, family_of, severity_of
from cordon.detect.data.weights import WEIGHTS
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.sides import End, owners
from cordon.model.tables import HOUR, STEP

NAMES: Final = {"suricata": "Suricata", "zeek": "Zeek"}


class SensorAlert(Detector):
    """Another sensor, Suricata or Zeek, noticed something about a device.

    Why it matters: its rules know attacks by their bytes, which Cordon does not read; together they say more.
    False alarms: as many as the rules have that run there; those about odd traffic count as low.
    What to do: read what the rule says and look at the rows; switch off there what is of no use to you.
    """

    id = "sensor-alert"
    family = "abuse"
    technique = "T1071"
    severity = Severity.MEDIUM
    weight = 100
    span = HOUR

    def look(self, seen: Features) -> Iterator[Finding]:
        alerts = seen.window.tables.get("alerts")
        if alerts is None or alerts.is_empty():
            return
        ends = {"src_device": End("src_mac", "src"), "dst_device": End("dst_mac", "dst")}
        told = owners(seen.now(alerts), seen.state.bindings, seen.state.devices, ends)
        # Whose it is: who sent what was noticed, or else whom it was sent to.
        told = told.with_columns(device=pl.when(pl.col("src_device") != "").then("src_device").otherwise("dst_device"))
        keys = ["step", "device", "source", "signature"]
        firsts = (
            told.filter(pl.col("device") != "")
            .sort(*keys, "time", "severity", "src", "dst", "src_port", "dst_port", "text")
            .group_by(keys, maintain_order=True)
            .agg(pl.all().first(), count=pl.len())
        )
        for row in firsts.iter_rows(named=True):
            yield self._found(row)

    def _found(self, row: dict[str, Any]) -> Finding:
        by, sent = NAMES.get(row["source"], row["source"]), row["device"] == row["src_device"]
        family = family_of(row["source"], row["signature"], row["text"], row["category"])
        severity = severity_of(row["source"], row["signature"], row["category"], row["severity"])
        peer = row["dst"] if sent else row["src"]
        other = f" {'towards' if sent else 'from'} {peer}" if peer else ""
        blocked = ", and blocked it" if row["is_blocked"] else ""
        ours = ("segment", row["segment"]), ("src" if sent else "dst", row["src"] if sent else row["dst"])
        finding = self.finding(
            row["device"],
            f"was noticed by {by}{other}: {row['text'] or row['signature']}{blocked}",
            began=row["time"],
            noticed=row["step"] + STEP,
            measured=(
                ("source", row["source"]), ("signature", row["signature"]), ("class", row["category"]),
                ("alerts", row["count"]),
            ),
            peers=(row["src_device"], row["dst_device"]),
            about=f"{row['source']} {row['signature']}",
            severity=severity,
            weight=WEIGHTS[severity],
            family=family,
            rows=Rows("alerts", row["step"], row["step"] + STEP, (*ours, ("signature", row["signature"]))),
        )  # fmt: skip
        return replace(finding, technique=row["technique"] or TECHNIQUES.get(family, ""))
