"""The detector of floods."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.novelty import network
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, SECOND, STEP
from cordon.parts import Level, Setting

SENT: Final = ("packets_out", "packets_in", "flows")

OPENED: Final = 500
"""Connections to one port of a host within a step, nothing said in any, of which nobody has a use; else twice that."""


class Flood(Detector):
    """A device sends a stream of packets that nobody answers, as part of an attack on somebody.

    Why it matters: devices in a botnet are rented out to knock others off the Internet.
    False alarms: one-way video; known receivers and local streams are therefore left out unless each packet is a
    connection of its own.
    What to do: cordon the device off; it is being used by somebody else.
    """

    id = "flood"
    family = "flood"
    technique = "T1498"
    severity = Severity.CRITICAL
    level = Level.PROVEN
    weight = 700
    compromise = True
    span = 60 * SECOND
    reads = ("links",)
    rate = Setting(100, at_least=10, at_most=1_000_000, says="packets a second to one host")

    def look(self, seen: Features) -> Iterator[Finding]:
        sent = list(SENT)
        by = ["device", "peer", "peer_device", "scope"]
        few = int(seen.new_links["packets_out"].sum()) < self["rate"] * (STEP // SECOND)
        if few or self._storms(seen.new_links, by).is_empty():
            return
        storm = self._storms(seen.links.filter(pl.col("step") > seen.begin - self.span), by)
        rows = seen.sums(
            storm.with_columns(steps=pl.lit(1)), 30 * SECOND, by, [*sent, "steps", "pings", "opened", "segments"]
        )
        for row in rows.iter_rows(named=True):
            if not self._is_flood(seen, row):
                continue
            rate = row["packets_out"] // (row["steps"] * (STEP // SECOND))
            yield self.finding(
                row["device"],
                f"floods {row['peer']} with {rate} packets a second",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("packets a second", rate), ("answers", row["packets_in"])),
                peers=(row["peer_device"],),
                about=row["peer"],
                rows=Rows(
                    "talks", row["began"], row["step"] + STEP, (("device", row["device"]), ("peer", row["peer"]))
                ),
            )

    def _is_flood(self, seen: Features, row: dict[str, Any]) -> bool:
        """Whether storms of a device against a host are one: each packet a connection of its own, pings, connections
        opened faster than anybody could use them, or, outside, a place that never answered."""
        long = row["steps"] >= 2
        hard = row["packets_out"] >= 10 * self["rate"] * (STEP // SECOND) * row["steps"]
        unanswered = row["packets_in"] * 20 <= row["packets_out"]
        many = row["flows"] * 4 >= row["packets_out"] and unanswered
        outside = row["scope"] == "internet" and unanswered
        deaf = unanswered and row["segments"] * 2 >= row["packets_out"]  # nobody says much over TCP without an answer
        local = row["scope"] == "local" and unanswered  # one-way video within the house is never so much
        if local and row["packets_out"] >= 25 * self["rate"] * (STEP // SECOND) * row["steps"]:
            return bool(long)
        if many or deaf or row["pings"] * 2 >= row["packets_out"] or row["opened"] >= OPENED * row["steps"]:
            return bool(long or hard)
        return bool(outside and (long or hard)) and self._unmet(seen, row["device"], row["peer"], row["step"])

    def _storms(self, links: pl.DataFrame, by: list[str]) -> pl.DataFrame:
        """Steps in which so many packets went to one host and hardly any came back, or that many pings, or hundreds of
        connections to one of its ports."""
        tcp, ping = pl.col("proto") == 6, pl.col("proto").is_in([1, 58])
        mine = links.filter(pl.col("initiated") & pl.col("scope").is_in(["local", "internet"]))
        mute = pl.col("bytes_in") <= 80 * pl.col("packets_in")
        opened = pl.when(tcp & (mute | (pl.col("flows") >= 2 * OPENED))).then("flows").otherwise(0)
        busy = mine.group_by(*by, "step").agg(
            pl.col(SENT).sum(),
            first=pl.col("first").min(),
            pings=pl.col("packets_out").filter(ping).sum(),
            opened=opened.max(),
            segments=pl.col("packets_out").filter(tcp).sum(),
        )
        least = self["rate"] * (STEP // SECOND)
        return busy.filter(
            ((pl.col("packets_out") >= least) & (pl.col("packets_in") * 20 <= pl.col("packets_out")))
            | (pl.col("pings") >= least)
            | (pl.col("opened") >= OPENED)
        )

    def _unmet(self, seen: Features, device: str, peer: str, step: int) -> bool:
        """Whether the device never had an answer from that network until half an hour ago."""
        key = pl.col("key") == "#" + network(peer)
        old = seen.known.filter((pl.col("device") == device) & key & (pl.col("first") < step - HOUR // 2))
        return old.is_empty()
