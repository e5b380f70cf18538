"""The detector of devices that ask a broker for everything it has."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import parties
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting

EVERYTHING: Final = r"^(\+/)*[+#]$|^\$SYS/#$|^/#$"
"""Filters that no topic's name stands in (MQTT 5.0, 4.7.1)."""


class BrokerSearch(Detector):
    """A device asks a broker for all topics, in more than one way at once.

    Why it matters: whoever does not know which topics there are wants to find out; what all devices say is read so.
    False alarms: a tool with which you look at your broker; a home automation asks for everything in one way only.
    What to do: ask whose tool it is; if nobody's, cordon the device off; give the broker's users rights of their own.
    """

    id = "broker-search"
    family = "scan"
    technique = "T1046"
    severity = Severity.MEDIUM
    level = Level.TRIAL
    weight = 200
    span = HOUR
    filters = Setting(2, at_least=2, at_most=100, says="different filters for everything within ten seconds")

    def look(self, seen: Features) -> Iterator[Finding]:
        asked = seen.window.table("mqtt")
        if asked.is_empty():
            return
        all_of = (pl.col("message") == "subscribe") & ~pl.col("is_by_server") & pl.col("topic").str.contains(EVERYTHING)
        rows = parties(seen.state, asked.filter(all_of))
        by = ["client_device", "server", "server_device", "port", "step"]
        told = rows.group_by(by).agg(pl.col("time").min(), n=pl.col("topic").n_unique())
        for row in told.filter(pl.col("n") >= self["filters"]).sort("step", *by[:-1]).iter_rows(named=True):
            device, step = row["client_device"], row["step"]
            if not device:
                continue
            where = (("device", device), ("peer", row["server"]), ("port", str(row["port"])))
            yield self.finding(
                device,
                f"asked the broker {row['server']} for all topics in {row['n']} ways",
                began=row["time"],
                noticed=step + STEP,
                measured=(("filters", row["n"]), ("broker", row["server"])),
                peers=(row["server_device"],),
                about=row["server"],
                rows=Rows("talks", step, step + STEP, where),
            )
