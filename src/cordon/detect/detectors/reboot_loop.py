"""The detector of devices that start again and again."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.tallies import Counted, counted
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.sides import End, owners
from cordon.model.tables import HOUR, STEP
from cordon.parts import Setting


class RebootLoop(Detector):
    """A device starts again and again, as its log says.

    Why it matters: a device under attack falls, one that was broken into is started anew, and one that is dying fails.
    False alarms: somebody who sets it up, or a power supply that is loose.
    What to do: look at what came before each start; then at its power, its firmware, and who signed in.
    """

    id = "reboot-loop"
    family = "change"
    technique = "T1529"
    severity = Severity.MEDIUM
    weight = 80
    span = HOUR
    starts = Setting(4, at_least=2, at_most=100, says="starts within an hour")

    def look(self, seen: Features) -> Iterator[Finding]:
        health = seen.window.tables.get("health")
        if health is None or health.is_empty():
            return
        told = seen.now(health).filter(pl.col("event") == "reboot")
        told = owners(told, seen.state.bindings, seen.state.devices, {"owner": End("mac", "ip")})
        starts = told.filter(pl.col("owner") != "").unique(["owner", "step"], keep="first", maintain_order=True)
        if starts.is_empty():
            return
        many = counted(seen, starts.with_columns(at="time"), Counted(self.id, self["starts"], self.span))
        firsts = starts.sort("step", "owner", "time").select("owner", "step", "segment", "mac", "ip")
        for row in firsts.join(many, on=["owner", "step"], how="inner").sort("step", "owner").iter_rows(named=True):
            where = tuple((name, row[name]) for name in ("segment", "mac", "ip"))
            yield self.finding(
                row["owner"],
                f"started {row['count']} times within an hour",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("starts", int(row["count"])),),
                rows=Rows("health", row["began"] // STEP * STEP, row["step"] + STEP, where),
            )
