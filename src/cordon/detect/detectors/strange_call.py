"""The detector of talk with a stranger over a port that nobody uses."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.data.kinds import GENERAL, WANDERING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.habits import EVERYDAY
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, MINUTE, STEP
from cordon.parts import Level, Setting

NOTORIOUS: Final = (666, 1337, 4444, 4445, 5554, *range(6660, 6670), 6697, 31_337, 48_101)
"""Ports of chat servers (IRC), from which botnets are led, and those that remote shells and Mirai use as they come."""


class StrangeCall(Detector):
    """A device keeps talking with an outside place over a port that is none of everyday's.

    Why it matters: those who lead taken devices write servers of their own, and give them a port of their own.
    False alarms: makers use odd ports too, but call them by name and from the first day on.
    What to do: look whom the place belongs to; with a second sign, cordon the device off.
    """

    id = "strange-call"
    family = "command-and-control"
    technique = "T1571"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 200
    span = DAY
    reads = ("links",)
    minutes = Setting(1, at_least=1, at_most=60, says="minutes that talk with a place without a name lasts")
    times = Setting(3, at_least=2, at_most=360, says="steps of ten seconds in which it talked, in that time")

    def look(self, seen: Features) -> Iterator[Finding]:
        odd = (
            pl.col("initiated")
            & (pl.col("proto") == 6)
            & pl.col("answered")
            & ~pl.col("port").is_in(EVERYDAY)
            & ((pl.col("scope") == "internet") | (pl.col("scope") == "local") & pl.col("port").is_in(NOTORIOUS))
        )
        fresh = seen.now(seen.new_links.filter(odd))
        if fresh.is_empty():
            return
        begun = seen.talks.filter(
            ((pl.col("state") != "partial") | pl.col("port").is_in(NOTORIOUS)) & (pl.col("payload_in") > 0)
        ).select("device", "peer", "port", "step")
        fresh = fresh.join(begun.unique(), on=["device", "peer", "port", "step"], how="semi")
        met = seen.contacts.filter((pl.col("proto") == 6) & ~pl.col("port").is_in(EVERYDAY))
        met = met.with_columns(key=pl.format("={}", "dest")).join(
            seen.known_of_these.select("device", "key", met="first"), on=["device", "key"], how="left"
        )
        known = met.filter(pl.col("met") == pl.col("step")).select("device", "peer", "port", "step", new=pl.lit(True))
        rows = fresh.group_by("device", "peer", "port", "scope", "peer_device", "step").agg(
            pl.col("first").min(), pl.col("named").any()
        )
        rows = rows.join(known.unique(), on=["device", "peer", "port", "step"], how="left")
        for row in rows.sort("step", "device", "peer", "port").iter_rows(named=True):
            says = self._why(seen, row)
            if says:
                yield self._told(row, says, seen)

    def _why(self, seen: Features, row: dict[str, Any]) -> str:
        """What is strange about the talk; "" if nothing is."""
        device, step, port = row["device"], row["step"], row["port"]
        kind, settled = seen.kind(device, step), seen.settled(device)
        since = seen.since(device, f"^{port}")
        if settled and since and since < settled:
            return ""  # it always did
        if port in NOTORIOUS and kind not in GENERAL - {""}:
            return f"talks with {row['peer']} over port {port}, as remote shells and chat-led botnets do"
        if row["scope"] != "internet" or seen.wanders(device, step):
            return ""
        known = settled or self._known_for_long(seen, device, step)
        if known and row["new"] and since == step and kind not in WANDERING - {""}:
            return f"talks with {row['peer']}, a place new to it, over port {port}, which it never used"
        if row["named"] or not self._lasts(seen, row):
            return ""
        return f"keeps talking with {row['peer']}, a place without a name, over port {port}"

    def _known_for_long(self, seen: Features, device: str, step: int) -> bool:
        """Whether it met its first place an hour ago at least: what it was set up for it has done by then."""
        firsts = seen.known.filter((pl.col("device") == device) & pl.col("key").str.starts_with("="))["first"]
        first = firsts.min()
        return isinstance(first, int) and first <= step - HOUR

    def _lasts(self, seen: Features, row: dict[str, Any]) -> bool:
        same = (
            (pl.col("device") == row["device"])
            & (pl.col("peer") == row["peer"])
            & (pl.col("port") == row["port"])
            & pl.col("initiated")
            & pl.col("step").is_between(row["step"] - HOUR, row["step"], closed="right")
        )
        steps = seen.links.filter(same)["step"].unique()
        first = steps.min()
        lasted = row["step"] - first if isinstance(first, int) else 0
        return len(steps) >= self["times"] and lasted >= self["minutes"] * MINUTE

    def _told(self, row: dict[str, Any], says: str, _seen: Features) -> Finding:
        device, step, port = row["device"], row["step"], row["port"]
        return self.finding(
            device,
            says,
            began=row["first"],
            noticed=step + STEP,
            measured=(("port", port), ("place", row["peer"])),
            peers=(row["peer_device"],),
            about=f"{row['peer'] if port in NOTORIOUS else ''}:{port}",
            rows=Rows("talks", step, step + STEP, (("device", device), ("peer", row["peer"]), ("port", str(port)))),
        )
