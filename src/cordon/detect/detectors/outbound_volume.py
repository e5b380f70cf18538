"""The detector of outbound volume."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.data.kinds import WANDERING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting


class OutboundVolume(Detector):
    """A device sends far more to the Internet within an hour than it ever did.

    Why it matters: recordings or files may be leaving, or the device works for somebody else.
    False alarms: a first back-up or a long video call; a volume seen once is known from then on.
    What to do: look where it went; ask who uses the device.
    """

    id = "outbound-volume"
    family = "exfiltration"
    technique = "T1048"
    severity = Severity.LOW
    level = Level.SOUND
    weight = 60
    span = HOUR
    reads = ("links",)
    floor = Setting(30, at_least=1, at_most=1_000_000, says="megabytes an hour below which nothing is said")
    times = Setting(4, at_least=2, at_most=1000, says="times the most that was ever learned of the device")
    computers = Setting(60, at_least=1, at_most=10_000, says="times more that general-purpose devices may send")

    def look(self, seen: Features) -> Iterator[Finding]:
        least = self["floor"] * 1_000_000
        if seen.hourly_most() < least:
            return
        for row in seen.hourly.filter(pl.col("outside") >= least).iter_rows(named=True):
            device, sent = row["device"], row["outside"]
            if not seen.settled(device):
                continue
            wide = self["computers"] if seen.kind(device, row["step"]) in WANDERING else 1
            limit = max(self["floor"] * 1_000_000 * wide, self["times"] * seen.peak(device))
            if sent < limit:
                continue
            usual = f"{seen.peak(device) // 1_000_000} MB" if seen.peak(device) >= 1_000_000 else "almost nothing"
            hour = row["step"] - row["step"] % HOUR
            yield self.finding(
                device,
                f"sent {sent // 1_000_000} MB to the Internet within the hour; its most so far was {usual}",
                began=max(hour, row["began"] - row["began"] % HOUR),
                noticed=row["step"] + STEP,
                measured=(("megabytes", sent // 1_000_000), ("most before", seen.peak(device) // 1_000_000)),
                rows=Rows("talks", hour, row["step"] + STEP, (("device", device), ("scope", "internet"))),
            )
