"""The detector of Telnet spreading."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.data.kinds import GENERAL
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class TelnetSpread(Detector):
    """A device opens Telnet to many others.

    Why it matters: worms of the Mirai family spread this way, from one device to the next within minutes.
    False alarms: an administrator sweeping old switches; a computer must therefore reach more, mostly in vain, and so
    must a device of which nobody knows what it is, unless nearly nobody answers it.
    What to do: cordon the device off, then renew its firmware and its password before letting it back.
    """

    id = "telnet-spread"
    family = "spread"
    technique = "T1021"
    severity = Severity.HIGH
    level = Level.PROVEN
    weight = 600
    compromise = True
    span = 10 * MINUTE
    reads = ("links",)
    targets = Setting(10, at_least=2, at_most=10_000, says="different hosts within ten minutes")
    from_computers = Setting(30, at_least=2, at_most=10_000, says="the same for general-purpose devices, half in vain")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("port").is_in([23, 2323]) & (pl.col("proto") == 6)
        telnet = seen.opened(such, self.span, ("device",))
        spread = seen.fan_out(telnet, self.span, least=self["targets"])
        for row in spread.iter_rows(named=True):
            vain = row["reached"] - row["answered"]
            kind = seen.kind(row["device"], row["step"])
            wary = kind in GENERAL and not (kind == "" and 10 * vain >= 9 * row["reached"])
            if wary and (row["reached"] < self["from_computers"] or 2 * vain < row["reached"]):
                continue
            yield self.finding(
                row["device"],
                f"opened Telnet to {row['reached']} hosts within 10 minutes",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("hosts", row["reached"]), ("in vain", vain)),
                rows=Rows("talks", row["began"], row["step"] + STEP, (("device", row["device"]), ("proto", "6"))),
            )
