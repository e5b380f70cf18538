"""The detector of devices that begin to change things in controllers."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import party_of, rows_of
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, SECOND, STEP
from cordon.parts import Level, Setting


class NewWriter(Detector):
    """A device changes values in a controller that only others have asked until now, or that it only read.

    Why it matters: who can write to a controller moves what it moves; plants have few masters, and they stay the same.
    False alarms: a new operator station, one that writes seldom, or controllers that tell each other values; they are
    known from then on.
    What to do: ask who set up the device; if nobody did, cut it off from the controllers and look at what was written.
    """

    id = "new-writer"
    family = "ot"
    technique = "T0855"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 300
    span = DAY
    reads = ("operations",)
    after = Setting(60, at_least=10, at_most=86_400, says="seconds that others must have asked before a newcomer does")

    def look(self, seen: Features) -> Iterator[Finding]:
        asked = seen.now(seen.operations).filter(
            ~pl.col("is_response") & pl.col("access").is_in(["write", "control"])
        )  # fmt: skip
        by = ["client_device", "server_device", "client", "server", "step"]
        told = asked.group_by(by).agg(
            pl.col("time").min(), pl.col("operation").min(), pl.col("protocol").min(), pl.col("address").min()
        )
        for row in told.sort("step", *by[:-1]).iter_rows(named=True):
            party = party_of(row)
            if party is None or (party.asks and not self._is_new(seen, row)):
                continue
            where = rows_of(seen, "ot", row, party)
            does = f"began to change values in {row['server']}" if party.asks else f"was written to by {row['client']}"
            yield self.finding(
                party.device,
                f"{does} ({row['operation']}, {row['protocol']})",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("operation", row["operation"]), ("address", row["address"])),
                peers=(party.other,),
                about=f"{row['client']}>{row['server']}",
                rows=Rows("ot", row["step"], row["step"] + STEP, (*where, ("server", row["server"]))),
            )

    def _is_new(self, seen: Features, row: dict[str, Any]) -> bool:
        """Whether this is its first change there, and it was known before, or the controller was without it."""
        device, step = row["client_device"], row["step"]
        if seen.since(device, f"!write {row['server']}") != step:
            return False
        settled = seen.settled(device)
        if settled and settled <= step:
            return True
        mine = seen.since(device, f"!asks {row['server']}")
        served = seen.settled(row["server_device"])
        if served and mine >= served:
            return True
        others = seen.known.filter((pl.col("key") == f"!asks {row['server']}") & (pl.col("device") != device))["first"]
        first = others.min()
        if not isinstance(first, int):
            return False
        is_controller = (pl.col("key") == f"!asks {row['client']}") & (pl.col("device") != device)
        served_itself = not seen.known.filter(is_controller & (pl.col("first") <= step)).is_empty()
        return served_itself or mine - first >= self["after"] * SECOND
