"""The detector of a second router of IPv6."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, MINUTE, STEP
from cordon.parts import Level, Setting

BORDERS: Final = frozenset({"voice-assistant", "streaming", "hub", "gateway", "speaker", "access-point", "router"})
"""Kinds of which some are routers of a network of their own (Thread) and say so."""


class RogueRouter(Detector):
    """A second device begins to say that it is the way out (router advertisements of IPv6).

    Why it matters: computers prefer IPv6; whoever they take for the router can read and change what they send.
    False alarms: a new router beside the old one; hubs of Thread say so too; those whose kind is known are left out.
    What to do: ask who set it up; if nobody did, cut it off; switches can keep such messages from all other ports.
    """

    id = "rogue-router"
    family = "man-in-the-middle"
    technique = "T1557"
    severity = Severity.HIGH
    level = Level.TRIAL
    weight = 400
    span = DAY
    reads = ("advertisements",)
    later = Setting(5, at_least=0, at_most=1440, says="minutes that another was the only one")

    def look(self, seen: Features) -> Iterator[Finding]:
        for row in seen.advertisements.sort("step", "segment", "device").iter_rows(named=True):
            older = self._older(seen, row)
            device, step = row["device"], row["step"]
            if not older or seen.device(device, step).is_gateway or seen.kind(device, step) in BORDERS:
                continue
            yield self.finding(
                device,
                "says that it is the way out (IPv6), beside the one that always did",
                began=row["first"],
                noticed=step + STEP,
                peers=(older,),
                about=row["segment"],
                rows=Rows("talks", step, step + STEP, (("device", device), ("proto", "58"))),
            )

    def _older(self, seen: Features, row: dict[str, Any]) -> str:
        """Who said so there well before this one; "" where nobody did."""
        key = f"!ra {row['segment']}"
        mine = seen.since(row["device"], key)
        others = seen.known.filter((pl.col("key") == key) & (pl.col("device") != row["device"]))
        others = others.filter(pl.col("first") <= mine - self["later"] * MINUTE).sort("first", "device")
        return str(others["device"][0]) if len(others) else ""
