"""The detector of devices that floods are reflected from."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting

MIRRORS: Final = (17, 19, 53, 69, 111, 123, 137, 161, 389, 1900, 3283, 3702, 5353, 5683, 11_211, 37_810)
"""UDP services that answer more than they are asked, and anybody (US-CERT TA14-017A)."""


class Mirror(Detector):
    """A device answers short questions from the Internet with long answers, again and again.

    Why it matters: the questions are forged; the answers hit whoever is to be knocked off the Internet.
    False alarms: a name or time server that is meant to be public answers many, not one place so much.
    What to do: close the port on the router, or switch off the service on the device.
    """

    id = "mirror"
    family = "flood"
    technique = "T1498.002"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 200
    span = HOUR
    reads = ("links",)
    packets = Setting(200, at_least=20, at_most=10_000_000, says="answers to one place within ten seconds")
    times = Setting(3, at_least=2, at_most=1000, says="times as many bytes out as in")

    def look(self, seen: Features) -> Iterator[Finding]:
        asked = seen.new_links.filter(
            ~pl.col("initiated") & (pl.col("proto") == 17) & pl.col("port").is_in(MIRRORS)
            & pl.col("scope").is_in(["internet", "local"]) & (pl.col("packets_out") > 0)
        )  # fmt: skip
        if int(asked["packets_out"].sum()) < self["packets"]:
            return
        each = asked.group_by("device", "peer", "peer_device", "scope", "port", "step").agg(
            pl.col("first").min(), pl.col("packets_out", "bytes_out", "bytes_in").sum()
        )
        local = pl.when(pl.col("scope") == "local").then(10).otherwise(1)  # a neighbour may well copy a lot
        much = (pl.col("packets_out") >= self["packets"] * local) & (
            pl.col("bytes_out") >= self["times"] * pl.col("bytes_in")
        )
        for row in seen.now(each.filter(much)).sort("step", "device", "peer", "port").iter_rows(named=True):
            yield self.finding(
                row["device"],
                f"answered {row['peer']} {row['packets_out']} times within 10 seconds on port {row['port']}, with "
                f"{row['bytes_out'] // max(1, row['bytes_in'])} times what was asked",
                began=row["first"],
                noticed=row["step"] + STEP,
                measured=(("packets", row["packets_out"]), ("port", row["port"])),
                peers=(row["peer_device"],),
                about=f"{row['peer']}:{row['port']}",
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", row["device"]), ("peer", row["peer"]))),
            )
