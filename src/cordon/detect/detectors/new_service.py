"""The detector of new services."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.data.kinds import GENERAL
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.baseline import What
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Level, Setting

REMOTE: Final = frozenset({21, 22, 23, 2222, 2323, 3389, 4444, 5555, 5900, 9527})
"""Ports for signing in from afar: they count as soon as a device is known."""


class NewService(Detector):
    """A device begins to answer on a port on which it never answered before.

    Why it matters: an intruder leaves a door open for coming back; an update may switch on what nobody needs.
    False alarms: a service used only now and then; computers and servers are left out, and so is what is usual for
    others of its kind here, unless it is for signing in from afar.
    What to do: look what answers there; switch it off if nobody needs it.
    """

    id = "new-service"
    family = "change"
    technique = "T1133"
    severity = Severity.LOW
    level = Level.SOUND
    weight = 60
    span = DAY
    reads = ("services",)
    hours = Setting(48, at_least=6, at_most=1000, says="hours of presence after which even everyday ports count")

    def look(self, seen: Features) -> Iterator[Finding]:
        firsts = seen.known.select("device", "key", met=pl.col("first"))
        rows = seen.now(seen.services).join(firsts, on=["device", "key"], how="left", maintain_order="left")
        for row in rows.filter(pl.col("met") == pl.col("step")).sort("step", "device", "port").iter_rows(named=True):
            device, settled = row["device"], seen.settled(row["device"])
            if not settled or row["step"] < settled or seen.kind(device, row["step"]) in GENERAL:
                continue
            remote = row["port"] in REMOTE or row["scope"] == "internet"
            if not remote and seen.presence(device) < self["hours"]:
                continue
            if not remote and seen.usual_for_kin(device, What.OFFERS, f"tcp/{row['port']}"):
                continue
            what = row["service"] or "an unknown service"
            yield self.finding(
                device,
                f"began to answer on port {row['port']} ({what})",
                began=row["first"],
                noticed=row["step"] + STEP,
                measured=(("port", row["port"]), ("asked by", row["peer"])),
                about=str(row["port"]),
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", device), ("port", str(row["port"])))),
            )
