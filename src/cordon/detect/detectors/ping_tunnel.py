"""The detector of tunnels in pings."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class PingTunnel(Detector):
    """A device sends and gets more by ping than pings have to say.

    Why it matters: pings are let through where nothing else is, and what they carry is looked at by nobody.
    False alarms: a test of the line with long pings, which are few or all of one length; a storm of pings is a flood.
    What to do: look what the pings carry; if nobody tests the line, cordon the device off.
    """

    id = "ping-tunnel"
    family = "tunnel"
    technique = "T1095"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 300
    span = 5 * MINUTE
    reads = ("links",)
    pings = Setting(40, at_least=10, at_most=1_000_000, says="pings within five minutes")
    length = Setting(200, at_least=100, at_most=1400, says="bytes in the mean of those of one side, headers included")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("proto").is_in([1, 58]) & pl.col("initiated") & pl.col("scope").is_in(["local", "internet"])
        fresh = seen.new_links.filter(such)
        if fresh.is_empty():
            return
        by = ["device", "peer", "peer_device"]
        rows = seen.links.filter(such & (pl.col("step") > seen.begin - self.span)).join(
            fresh.select(by).unique(), on=by, how="semi"
        )
        sums = ["packets_out", "packets_in", "bytes_out", "bytes_in", "steps"]
        told = seen.sums(rows.with_columns(steps=pl.lit(1)), self.span, by, sums)
        long = pl.max_horizontal(
            pl.col("bytes_out") // pl.col("packets_out").clip(lower_bound=1),
            pl.col("bytes_in") // pl.col("packets_in").clip(lower_bound=1),
        )
        # A test of the line gets back just what it sends; a tunnel carries other things each way.
        uneven = (pl.col("bytes_out") - pl.col("bytes_in")).abs() * 20 > pl.col("bytes_out") + pl.col("bytes_in")
        many = pl.col("packets_out") + pl.col("packets_in") >= 2 * self["pings"]
        such = many & (long >= self["length"]) & uneven & (pl.col("packets_in") * 4 >= pl.col("packets_out"))
        for row in told.filter(such).sort("step", *by).iter_rows(named=True):
            carried = row["bytes_out"] + row["bytes_in"]
            yield self.finding(
                row["device"],
                f"exchanged {carried // 1000} kB with {row['peer']} by ping within 5 minutes",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("pings", row["packets_out"]), ("kilobytes", carried // 1000)),
                peers=(row["peer_device"],),
                about=row["peer"],
                rows=Rows(
                    "talks", row["began"], row["step"] + STEP, (("device", row["device"]), ("peer", row["peer"]))
                ),
            )
