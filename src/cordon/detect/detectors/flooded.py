"""The detector of floods that devices receive."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.talks import MULTICAST
from cordon.detect.features.trailing import key
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.sides import PRIVATE, End, owner, owners
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
    packets = Setting(1000, at_least=100, at_most=100_000_000, says="packets within ten seconds that nobody asked for")
    senders = Setting(50, at_least=2, at_most=1_000_000, says="different senders of them")

    def look(self, seen: Features) -> Iterator[Finding]:
        # Links are bounded for each device and step, and whoever only receives is no device: flows tell both ends.
        flows = seen.window.table("flows")
        if flows.height < self["senders"]:
            return
        hit = pl.concat(
            [_received(flows, *ends) for ends in (("src", "dst", "in", "out"), ("dst", "src", "out", "in"))]
        )
        hit = self._hit_hard(hit)
        each = hit.group_by("segment", "ip", "mac", "step").agg(
            pl.col("packets").sum(),
            pl.col("first").min(),
            pl.col("port").mode().min(),
            senders=pl.col("sender").n_unique(),
            sender_mac=pl.col("sender_mac").mode().min(),
            sender=pl.col("sender").min(),
        )
        many = (pl.col("packets") >= self["packets"]) & (pl.col("senders") >= self["senders"])
        rows = each.filter(many).with_columns(private=pl.col("ip").str.contains(PRIVATE))
        if rows.is_empty():
            return
        bindings = seen.state.bindings
        rows = owners(rows, bindings, seen.state.devices, {"device": End("mac", "ip")})
        rows = owner(rows, bindings, mac="sender_mac", ip="sender", into="passer")
        for row in seen.now(rows).sort("step", "segment", "ip", "mac").iter_rows(named=True):
            if row["device"] or row["passer"]:
                yield self._told(row)

    def _hit_hard(self, hit: pl.DataFrame) -> pl.DataFrame:
        """The rows of those that got enough packets: of all others nothing more is worked out."""
        hit = hit.with_columns(who=key(["segment", "ip", "mac", "step"]))
        many = hit.group_by("who").agg(pl.col("packets").sum()).filter(pl.col("packets") >= self["packets"])
        unicast = ~pl.col("ip").str.contains(MULTICAST) & (pl.col("mac") != "ff:ff:ff:ff:ff:ff")
        return hit.join(many.select("who"), on="who", how="semi").filter(unicast)

    def _told(self, row: dict[str, Any]) -> Finding:
        mine = row["device"]
        does = (
            "is flooded" if mine else f"passes on a flood to {row['ip']}" if row["private"] else f"floods {row['ip']}"
        )
        senders = "senders" if mine or row["private"] else "forged addresses"
        return self.finding(
            mine or row["passer"],
            f"{does}: {row['packets']} packets from {row['senders']} {senders} within 10 seconds, unasked",
            began=row["first"],
            noticed=row["step"] + STEP,
            measured=(("packets", row["packets"]), ("senders", row["senders"]), ("victim", row["ip"])),
            peers=(row["passer"],) if mine else (),
            about=row["ip"],
            rows=Rows("talks", row["step"], row["step"] + STEP, (("device", mine),)) if mine else None,
        )


def _received(flows: pl.DataFrame, own: str, other: str, into: str, out: str) -> pl.DataFrame:
    """What one end of flows received and did not answer."""
    said, heard = pl.col(f"payload_{out}"), pl.col(f"payload_{into}")
    unasked = (pl.col(f"packets_{into}") > 0) & pl.when(heard > 0).then(said * 20 <= heard).otherwise(said == 0)
    return flows.filter(unasked).select(
        "segment", "step", "first", ip=own, mac=f"{own}_mac", sender=other, sender_mac=f"{other}_mac", port="dst_port",
        packets=f"packets_{into}",
    )  # fmt: skip
