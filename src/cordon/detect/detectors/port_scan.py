"""The detector of port scans."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, SECOND, STEP
from cordon.parts import Level, Setting

STORM: Final = 100 * (STEP // SECOND)
"""Packets to one host within a step."""


class PortScan(Detector):
    """A device tries many ports of one host, most of them in vain.

    Why it matters: it is how an intruder finds out what a neighbour offers before attacking it.
    False alarms: monitoring and inventory tools; a path trace, calls and games over UDP, and a storm of packets that
    nobody answers, which is an attack of another kind, are left out.
    What to do: if nobody runs such a tool on this device, cordon it off and look at what else it did.
    """

    id = "port-scan"
    family = "scan"
    technique = "T1046"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = 10 * MINUTE
    reads = ("links",)
    ports = Setting(20, at_least=5, at_most=65_535, says="different ports of one host within ten minutes")

    def look(self, seen: Features) -> Iterator[Finding]:
        trace = (pl.col("proto") == 17) & pl.col("port").is_between(33_434, 33_534)
        apart = (pl.col("scope") == "local") & ~trace | (pl.col("proto") == 6) & (pl.col("scope") == "internet")
        by = ("device", "peer", "peer_device")
        such = pl.col("proto").is_in([6, 17]) & apart
        tried = seen.opened(such, self.span, (*by, "packets_out", "packets_in"))
        tried = self._without_storms(seen.busy(tried, by, ("proto", "port"), self["ports"]))
        scans = seen.fan_out(tried, self.span, least=self["ports"], by=by, of=("proto", "port"))
        for row in scans.iter_rows(named=True):
            if 2 * row["answered"] > row["reached"]:
                continue
            yield self.finding(
                row["device"],
                f"tried {row['reached']} ports of {row['peer']}, most of them in vain",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("ports", row["reached"]), ("answered", row["answered"])),
                peers=(row["peer_device"],),
                about=row["peer"],
                rows=Rows(
                    "talks", row["began"], row["step"] + STEP, (("device", row["device"]), ("peer", row["peer"]))
                ),
            )

    def _without_storms(self, tried: pl.DataFrame) -> pl.DataFrame:
        """Leaves out the steps in which a host got so much without an answer that whoever sent it wants no answer."""
        sent, got = (pl.col(name).sum().over("device", "peer", "step") for name in ("packets_out", "packets_in"))
        if tried.is_empty() or int(tried["packets_out"].sum()) < STORM:
            return tried
        return tried.filter((sent < STORM) | (got * 20 > sent))
