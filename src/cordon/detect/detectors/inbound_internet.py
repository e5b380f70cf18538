"""The detector of visits from the Internet."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.data.kinds import SERVING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Level


class InboundInternet(Detector):
    """Somebody on the Internet opened a connection to a device that is no server, and it answered.

    Why it matters: a device that can be reached from everywhere is found within hours and tried without end.
    False alarms: a port opened on purpose for remote access; a tunnel through Cordon is the safer way.
    What to do: close the port on the router, and switch off UPnP there if it opened by itself.
    """

    id = "inbound-internet"
    family = "exposure"
    technique = "T1133"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 150
    span = DAY
    reads = ("links",)

    def look(self, seen: Features) -> Iterator[Finding]:
        visits = seen.talks.filter(
            (pl.col("scope") == "internet")
            & ~pl.col("initiated")
            & pl.col("opener_known")
            & (pl.col("proto") == 6)
            & (pl.col("payload_out") > 0)
        )
        if visits.is_empty():
            return
        rows = seen.now(visits).group_by("device", "port", "step").agg(pl.col("time").min(), pl.col("peer").min())
        for row in rows.sort("step", "device", "port").iter_rows(named=True):
            if seen.kind(row["device"], row["step"]) in SERVING:
                continue
            yield self.finding(
                row["device"],
                f"answered {row['peer']}, who came in from the Internet on port {row['port']}",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("port", row["port"]), ("visitor", row["peer"])),
                about=str(row["port"]),
                rows=Rows(
                    "talks", row["step"], row["step"] + STEP, (("device", row["device"]), ("port", str(row["port"])))
                ),
            )
