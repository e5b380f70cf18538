"""The detector of talk that only looks like the web's."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, STEP
from cordon.parts import Level, Setting

WEB: Final = (80, 443, 8080, 8443)


class DisguisedCall(Detector):
    """A device talks over the web's port with a place without a name, and what it says is not the web's language.

    Why it matters: the web's ports are let out everywhere, so those who lead taken devices use them for their own talk.
    False alarms: a maker whose relays do the same, by number; what a device does every day is told once. Where no names
    can be seen at all, nothing is said.
    What to do: look whom the address belongs to; with a second sign, cordon the device off.
    """

    id = "disguised-call"
    family = "command-and-control"
    technique = "T1571"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 200
    span = DAY
    reads = ("links",)
    times = Setting(3, at_least=1, at_most=360, says="steps of ten seconds within the hour in which it talked so")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("initiated") & (pl.col("proto") == 6) & pl.col("port").is_in(WEB) & pl.col("answered")
        if seen.state.names.is_empty() or seen.new_links.filter(such & (pl.col("scope") == "internet")).is_empty():
            return
        strange = (
            (pl.col("service") == "") & (pl.col("name") == "") & pl.col("state").is_in(["open", "closed", "reset"])
        )
        both = (pl.col("payload_out") > 0) & (pl.col("payload_in") > 0)
        talked = seen.talks.filter(
            pl.col("initiated") & (pl.col("scope") == "internet") & pl.col("port").is_in(WEB) & strange & both
        )
        first = seen.state.names["time"].min()
        each = talked.group_by("device", "peer", "port", "step").agg(pl.col("time").min())
        for row in seen.now(each).sort("step", "device", "peer", "port").iter_rows(named=True):
            visible = isinstance(first, int) and first <= row["step"] + STEP
            general = seen.wanders(row["device"], row["step"])
            if not visible or general or not self._again(seen, row):
                continue
            where = (("device", row["device"]), ("peer", row["peer"]), ("port", str(row["port"])))
            yield self.finding(
                row["device"],
                f"talks with {row['peer']}, a place without a name, over port {row['port']}, but not as the web does",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("port", row["port"]), ("place", row["peer"])),
                rows=Rows("talks", row["step"], row["step"] + STEP, where),
            )

    def _again(self, seen: Features, row: dict[str, Any]) -> bool:
        same = [pl.col(name) == row[name] for name in ("device", "peer", "port")]
        within = pl.col("step").is_between(row["step"] - HOUR, row["step"], closed="right")
        return seen.links.filter(*same, within, pl.col("initiated"))["step"].n_unique() >= self["times"]
