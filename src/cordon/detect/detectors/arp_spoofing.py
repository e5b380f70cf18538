"""The detector of forged addresses."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.parts import Level, Setting


class ArpSpoofing(Detector):
    """A device says again and again that another one's address is its own.

    Why it matters: it makes the network send it what is meant for the other, to read or change it on the way.
    False alarms: two devices set to one address by mistake say so seldom, and only that one; routers that share an
    address by design are known.
    What to do: cordon the device off; passwords that crossed the network meanwhile should be changed.
    """

    id = "arp-spoofing"
    family = "man-in-the-middle"
    technique = "T1557.002"
    severity = Severity.HIGH
    level = Level.PROVEN
    weight = 500
    compromise = True
    span = 5 * MINUTE
    reads = ("claims",)
    replies = Setting(4, at_least=2, at_most=1000, says="false claims within five minutes")

    def look(self, seen: Features) -> Iterator[Finding]:
        disputed = seen.claims.group_by("segment", "ip").agg(n=pl.col("device").n_unique()).filter(pl.col("n") > 1)
        if disputed.is_empty():
            return
        claims = seen.claims.join(disputed, on=["segment", "ip"], how="semi")
        by = ["segment", "ip", "device"]
        false = seen.sums(claims, self.span, by, ["replies"], pl.col("replies") >= self["replies"])
        for row in false.iter_rows(named=True):
            owner = self._owner(claims, row)
            if not owner or self._may(seen, row):
                continue
            such = pl.col("sender_ip") == row["ip"]
            where = seen.selector("arp", row["device"], row["step"], such=such)
            yield self.finding(
                row["device"],
                f"claims the address {row['ip']}, which belongs to another device",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("false claims", row["replies"]), ("address", row["ip"])),
                peers=(owner,),
                about=row["ip"],
                rows=Rows("arp", row["began"], row["step"] + STEP, (*where, ("sender_ip", row["ip"]))),
            )

    def _owner(self, claims: pl.DataFrame, row: dict[str, Any]) -> str:
        """Who had the address before and still had it within the hour; "" if the claimant was first."""
        same = (pl.col("segment") == row["segment"]) & (pl.col("ip") == row["ip"])
        past = claims.filter(same & _within_hour(row["step"]))
        order = past.group_by("device").agg(pl.col("first").min()).sort("first", "device")["device"].to_list()
        return "" if order[0] == row["device"] else str(order[0])

    def _may(self, seen: Features, row: dict[str, Any]) -> bool:
        """Whether the claimant answers for others by its office (a router, known as such before it claimed), or
        claims nothing but this one address, as after a move or a mistake."""
        others = seen.claims.filter(
            (pl.col("device") == row["device"]) & (pl.col("ip") != row["ip"]) & _within_hour(row["step"])
        )
        return others.is_empty() or seen.device(row["device"], row["began"] - 5 * MINUTE).is_gateway


def _within_hour(step: int) -> pl.Expr:
    return pl.col("step").is_between(step - HOUR, step, closed="right")
