"""The detector of unfamiliar destinations."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.data.kinds import WANDERING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.novelty import UNREMARKABLE
from cordon.model.baseline import What
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting


class NewDestination(Detector):
    """A device that always talks with the same few places talks with a new one on the Internet.

    Why it matters: most devices know a handful of servers all their life; an intruder's is not among them.
    False alarms: a firmware update moves a service; computers, telephones and media players are left out, and so is
    what is usual for others of its kind here.
    What to do: look whom the new name belongs to; nothing needs to be done for this alone.
    """

    id = "new-destination"
    family = "change"
    technique = "T1071"
    severity = Severity.LOW
    level = Level.SOUND
    weight = 40
    span = HOUR
    reads = ("first_contacts",)
    least = Setting(0, at_most=1_000_000, says="bytes that must have been sent there")

    def look(self, seen: Features) -> Iterator[Finding]:
        new = seen.first_contacts.filter(
            pl.col("new")
            & ~pl.col("proto").is_in([1, 58])
            & ~pl.col("port").is_in(UNREMARKABLE)
            & (pl.col("out") >= self["least"])
        )
        for row in new.iter_rows(named=True):
            settled = seen.settled(row["device"])
            if not settled or row["step"] < settled or seen.kind(row["device"], row["step"]) in WANDERING:
                continue
            if seen.usual_for_kin(row["device"], What.PLACE, row["dest"]):
                continue
            yield self.finding(
                row["device"],
                f"talked for the first time with {row['name'] or row['peer']} on the Internet",
                began=row["first"],
                noticed=row["step"] + STEP,
                measured=(("destination", row["dest"]), ("port", row["port"])),
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", row["device"]), ("peer", row["peer"]))),
            )
