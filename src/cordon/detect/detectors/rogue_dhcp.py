"""The detector of DHCP servers that nobody set up."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Level


class RogueDhcp(Detector):
    """A second device begins to hand out addresses, and names another way out or another name server.

    Why it matters: whoever tells devices where the router and the name server are can read and change what they send.
    False alarms: a new router beside the old one, or one that was plugged in the wrong way round.
    What to do: ask who set it up; if nobody did, cut it off and let the devices ask for their addresses again.
    """

    id = "rogue-dhcp"
    family = "man-in-the-middle"
    technique = "T1557.003"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 400
    span = DAY
    reads = ("offers",)

    def look(self, seen: Features) -> Iterator[Finding]:
        by = ["segment", "device", "sender_mac", "router", "dns", "step"]
        offers = seen.now(seen.offers).group_by(by).agg(pl.col("time").min(), n=pl.len())
        for row in offers.sort("step", "time", *by[:-1]).iter_rows(named=True):
            older = self._older(seen, row)
            if not older or not (row["router"] or row["dns"]):
                continue
            where = (("segment", row["segment"]), ("sender_mac", row["sender_mac"]))
            names = " and ".join(
                f"{says} {row[what]}"
                for what, says in (("router", "the router"), ("dns", "the name server"))
                if row[what]
            )
            yield self.finding(
                row["device"],
                f"hands out addresses beside the one that always did, with {names}",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("router", row["router"]), ("name server", row["dns"])),
                peers=(older,),
                about=row["segment"],
                rows=Rows("dhcp", row["step"], row["step"] + STEP, where),
            )

    def _older(self, seen: Features, row: dict[str, Any]) -> str:
        """Who handed out addresses there before this one did; "" where nobody or where it is itself the router."""
        key = f"!dhcp {row['segment']}"
        mine = seen.since(row["device"], key)
        told = seen.device(row["device"], row["step"])
        if told.is_gateway and row["router"] in told.ips and seen.settled(row["device"]):
            return ""
        others = seen.known.filter((pl.col("key") == key) & (pl.col("device") != row["device"]))
        others = others.filter(pl.col("first") < mine).sort("first", "device")
        return str(others["device"][0]) if len(others) else ""
