"""The detector of guesses that came true."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.parts import Level, Setting


class LoginAfterFailures(Detector):
    """A sign-in succeeds after many that failed.

    Why it matters: somebody may have guessed the password.
    False alarms: a person who remembered it at last; only many different passwords count.
    What to do: ask who signed in; change the password.
    """

    id = "login-after-failures"
    family = "brute-force"
    technique = "T1110"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 350
    span = HOUR
    reads = ("tries",)
    failures = Setting(6, at_least=3, at_most=1000, says="failed tries within half an hour before")
    passwords = Setting(5, at_least=2, at_most=1000, says="different passwords among them")

    def look(self, seen: Features) -> Iterator[Finding]:
        won = seen.now(seen.tries).filter((pl.col("successes") > 0) & (pl.col("server_device") != ""))
        for row in won.iter_rows(named=True):
            step = row["step"]
            before = seen.tries.filter(
                (pl.col("client") == row["client"])
                & (pl.col("server") == row["server"])
                & (pl.col("port") == row["port"])
                & (pl.col("failures") > 0)
                & pl.col("step").is_between(step - 30 * MINUTE, step, closed="right")
                & (pl.col("first") < row["first"])
            )
            failures, tags = int(before["failures"].sum()), before["tag"].unique()
            if failures < self["failures"] or len(tags) < self["passwords"]:
                continue
            such = (pl.col("client") == row["client"]) & (pl.col("server") == row["server"])
            where = seen.selector("logins", row["server_device"], step, mac="server_mac", ip="server", such=such)
            yield self.finding(
                row["server_device"],
                f"let {row['client']} in after {failures} wrong passwords ({row['service']})",
                began=int(before["first"].min()),  # type: ignore[arg-type]  # there are rows, of integers
                noticed=step + STEP,
                measured=(("failures", failures), ("port", row["port"])),
                peers=(row["client_device"],),
                about=f"{row['client']}:{row['port']}",
                rows=Rows("logins", step - 30 * MINUTE, step + STEP, (*where, ("client", row["client"]))),
            )
