"""The detector of devices that feel their way through a controller."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import party_of, rows_of
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class ControllerProbing(Detector):
    """A device asks a controller for one thing after the other that is not there, and is refused.

    Why it matters: masters know their controllers; who tries addresses and functions finds out what can be reached.
    False alarms: a master that is set up for another model asks in vain too, but always for the same few things.
    What to do: ask who works with the controller; if nobody does, cut the asking device off from it.
    """

    id = "controller-probing"
    family = "ot"
    technique = "T0846"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = 10 * MINUTE
    reads = ("operations",)
    refused = Setting(10, at_least=3, at_most=10_000, says="refused questions within ten seconds")
    different = Setting(5, at_least=2, at_most=10_000, says="different things asked for in that time")

    def look(self, seen: Features) -> Iterator[Finding]:
        rows = seen.now(seen.operations)
        wrong = pl.col("is_response") & ~pl.col("result").is_in(["", "ok"])
        if not rows.select(wrong.sum()).item() >= self["refused"]:
            return
        by = ["client_device", "server_device", "client", "server", "step"]
        thing = pl.struct("function", "unit", "address")
        told = rows.group_by(by).agg(
            pl.col("time").min(),
            refused=wrong.sum(),
            different=thing.filter(~pl.col("is_response")).n_unique(),
            protocol=pl.col("protocol").min(),
        )
        many = (pl.col("refused") >= self["refused"]) & (pl.col("different") >= self["different"])
        for row in told.filter(many).sort("step", *by[:-1]).iter_rows(named=True):
            party = party_of(row)
            if party is None:
                continue
            where = rows_of(seen, "ot", row, party)
            does = f"asked {row['server']}" if party.asks else f"was asked by {row['client']}"
            yield self.finding(
                party.device,
                f"{does} for {row['different']} things within 10 seconds and was refused {row['refused']} times"
                if party.asks
                else f"{does} for {row['different']} things within 10 seconds and refused {row['refused']} times",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("refused", row["refused"]), ("different", row["different"])),
                peers=(party.other,),
                about=f"{row['client']}>{row['server']}",
                rows=Rows("ot", row["step"], row["step"] + STEP, (*where, ("server", row["server"]))),
            )
