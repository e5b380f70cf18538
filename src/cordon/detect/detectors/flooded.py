"""The detector of floods that devices receive."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class Flooded(Detector):
    """A device is hit by a stream of packets from many places that it did not ask and does not answer.

    Why it matters: it, or the line, is put out of action; answers to questions that somebody else asked in its name
    (reflection) come from thousands of servers at once.
    False alarms: a server in great demand, whose visitors it answers; one-way video from a few senders.
    What to do: ask the provider to filter; close what need not be reached from outside.
    """

    id = "flooded"
    family = "flood"
    technique = "T1498"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 50
    span = 5 * MINUTE
    reads = ("links",)
    packets = Setting(1000, at_least=100, at_most=100_000_000, says="packets within ten seconds that nobody asked for")
    senders = Setting(50, at_least=2, at_most=1_000_000, says="different senders of them")

    def look(self, seen: Features) -> Iterator[Finding]:
        # Of a device and step the links are bounded, so that talks are counted: each sender with what it got back.
        rows = seen.talks.filter(~pl.col("initiated") & pl.col("scope").is_in(["internet", "local"]))
        if rows.height < self["senders"]:
            return
        deaf = (pl.col("payload_out") * 20 <= pl.col("payload_in")) | (
            (pl.col("payload_out") == 0) & (pl.col("payload_in") == 0)
        )
        each = rows.filter(deaf).group_by("device", "scope", "step").agg(
            pl.col("packets_in").sum(),
            first=pl.col("time").min(),
            senders=pl.col("peer").n_unique(),
            port=pl.col("port").mode().min(),
            bytes=pl.col("bytes_in").sum(),
        )  # fmt: skip
        many = (pl.col("packets_in") >= self["packets"]) & (pl.col("senders") >= self["senders"])
        for row in seen.now(each.filter(many)).sort("step", "device", "scope").iter_rows(named=True):
            yield self.finding(
                row["device"],
                f"is flooded: {row['packets_in']} packets from {row['senders']} senders within 10 seconds, unasked",
                began=row["first"],
                noticed=row["step"] + STEP,
                measured=(("packets", row["packets_in"]), ("senders", row["senders"]), ("port", row["port"])),
                rows=Rows(
                    "talks", row["step"], row["step"] + STEP, (("device", row["device"]), ("scope", row["scope"]))
                ),
            )
