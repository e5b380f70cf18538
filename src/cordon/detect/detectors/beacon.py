"""The detector of beacons."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.data.kinds import WANDERING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.novelty import UNREMARKABLE
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, MINUTE, SECOND, STEP
from cordon.parts import Level, Setting


class Beacon(Detector):
    """A device calls the same new place again and again, as regular as a clock.

    Why it matters: a taken device reports to its master and waits for orders.
    False alarms: every device has heartbeats; only those to places met after the device was known, which few others
    here know, are spoken of.
    What to do: look whom the destination belongs to; with a second sign, of it or of another
    that calls there, cordon it off.
    """

    id = "beacon"
    family = "command-and-control"
    technique = "T1071"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 200
    span = 6 * HOUR
    reads = ("beats",)
    second = True
    beats = Setting(8, at_least=6, at_most=24, says="calls before anything is said")
    regular = Setting(80, at_least=50, at_most=100, says="per cent of the pauses that are alike")
    shared = Setting(2, at_least=1, at_most=1000, says="devices here that may know the place")

    def look(self, seen: Features) -> Iterator[Finding]:
        steady = seen.rhythms.filter(
            (pl.col("beats") >= self["beats"])
            & (pl.col("regular") >= self["regular"] * 10)
            & pl.col("period").is_between(10 * SECOND, 2 * HOUR)
            & (pl.col("covered") >= 4 * MINUTE)
            & (pl.col("bytes") <= 20_000)
            & ~pl.col("port").is_in(UNREMARKABLE)
        )
        for row in steady.iter_rows(named=True):
            device, dest, step = row["device"], row["dest"], row["step"]
            kind = seen.kind(device, step)
            named = not dest.endswith(("/24", "/48"))
            fellows = seen.known.filter((pl.col("key") == "=" + dest) & (pl.col("first") <= step))["device"].to_list()
            if len(fellows) > self["shared"] or (kind in WANDERING and named):
                continue
            signs = [one for one in seen.signs if one.device in fellows and one.strong and one.noticed <= step + STEP]
            yield self.finding(
                device,
                f"calls {dest} every {_spell(row['period'])}, a place it did not know before",
                began=row["began"],
                noticed=step + STEP,
                measured=(("calls", row["beats"]), ("period in seconds", row["period"] // SECOND)),
                peers=tuple(fellows),
                about=dest,
                severity=Severity.HIGH if signs else None,
                weight=400 if signs else None,
                compromise=bool(signs),
                rows=Rows("talks", row["began"], step + STEP, (("device", device), ("port", str(row["port"])))),
            )


def _spell(period: int) -> str:
    seconds = round(period / SECOND)
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
