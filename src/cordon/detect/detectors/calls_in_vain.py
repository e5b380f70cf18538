"""The detector of devices that call somebody who is gone."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.habits import EVERYDAY
from cordon.detect.features.novelty import network
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, STEP
from cordon.parts import Level, Setting


class CallsInVain(Detector):
    """A device calls an outside address again and again that never answers, and that it knows by number alone.

    Why it matters: malware carries the address of its master with it, and goes on calling when that one was shut down.
    False alarms: a device whose maker gave up its server; makers use names, and a place that ever answered is left out.
    What to do: look whom the address belongs to; what calls there was put on the device by somebody.
    """

    id = "calls-in-vain"
    family = "command-and-control"
    technique = "T1071"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = DAY  # what goes on for days is one episode
    reads = ("links",)
    calls = Setting(6, at_least=3, at_most=360, says="steps of ten seconds within the hour in which it called")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("initiated") & (pl.col("proto") == 6) & (pl.col("scope") == "internet") & ~pl.col("named")
        fresh = seen.new_links.filter(such & ~pl.col("answered"))
        if fresh.is_empty():
            return
        by = ["device", "peer", "port"]
        rows = seen.links.filter(such & (pl.col("step") > seen.begin - HOUR))
        rows = seen.busy(rows, by, ["step"], self["calls"])
        tried = rows.with_columns(n=pl.lit(1), heard=pl.col("answered").cast(pl.Int64))
        each = tried.group_by(*by, "step").agg(
            pl.col("n").max(), pl.col("heard").max(), pl.col("flows").sum(), pl.col("first").min()
        )  # fmt: skip
        calm = pl.col("flows").is_between(3, 20 * pl.col("n"))  # more of them at once are a flood
        many = (pl.col("n") >= self["calls"]) & calm & (pl.col("heard") == 0)
        for row in seen.sums(each, HOUR, by, ["n", "heard", "flows"], many).iter_rows(named=True):
            device, step = row["device"], row["step"]
            wide = 2 if row["port"] in EVERYDAY else 1
            wide *= 3 if seen.wanders(device, step) else 1
            if row["n"] < self["calls"] * wide or self._ever_heard(seen, device, row["peer"], step):
                continue
            yield self.finding(
                device,
                f"calls {row['peer']} on port {row['port']} again and again, which never answers",
                began=row["began"],
                noticed=step + STEP,
                measured=(("calls", row["flows"]), ("port", row["port"])),
                about=f"{row['peer']}:{row['port']}",
                rows=Rows(
                    "talks",
                    row["began"],
                    step + STEP,
                    (("device", device), ("peer", row["peer"]), ("port", str(row["port"]))),
                ),
            )

    def _ever_heard(self, seen: Features, device: str, peer: str, step: int) -> bool:
        """Whether anybody of that network had answered the device by then."""
        return 0 < seen.since(device, f"#{network(peer)}") <= step
