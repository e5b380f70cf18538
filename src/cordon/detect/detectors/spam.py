"""The detector of devices that send mail to everybody."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.data.kinds import SERVING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class Spam(Detector):
    """A device that is no mail server hands mail to many mail servers.

    Why it matters: taken devices send spam for others, and your address ends up on lists of those who do.
    False alarms: a device that sends its alarms by mail knows one mail server, not many.
    What to do: cordon the device off; close port 25 to the outside for all but your mail server.
    """

    id = "spam"
    family = "abuse"
    technique = "T1496"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 300
    span = 10 * MINUTE
    reads = ("links",)
    servers = Setting(5, at_least=2, at_most=10_000, says="different mail servers outside within ten minutes")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = (pl.col("proto") == 6) & (pl.col("port") == 25) & (pl.col("scope") == "internet")
        mail = seen.fan_out(seen.opened(such, self.span, ("device",)), self.span, least=self["servers"])
        for row in mail.iter_rows(named=True):
            if seen.kind(row["device"], row["step"]) in SERVING or not row["answered"]:
                continue
            yield self.finding(
                row["device"],
                f"called {row['reached']} mail servers within 10 minutes",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("servers", row["reached"]), ("answered", row["answered"])),
                rows=Rows("talks", row["began"], row["step"] + STEP, (("device", row["device"]), ("port", "25"))),
            )
