"""The detector of commands that stop or reprogram controllers."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import party_of, rows_of
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level

GRAVE: Final = (
    r"(?i)stop|restart|reset|download|listen only|password|pi-service|initiali[sz]e|restore|start plc"
    r"|warmstart|coldstart|communication ?control|deletenodes|delete file|clear counters"
)
"""Operations, by their names in the protocols, after which a plant may stand still or do something else."""


class ControllerCommand(Detector):
    """Somebody stops, restarts or reprograms a controller.

    Why it matters: it halts what the controller moves, or makes it move otherwise, and hides the traces of that.
    False alarms: an engineer at work; ask whether there is a window for maintenance.
    What to do: ask who works on the controller. If nobody does, cut off the device that gave the command, then compare
    the controller's program with the copy that is kept.
    """

    id = "controller-command"
    family = "ot"
    technique = "T0858"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 350
    span = HOUR
    reads = ("operations",)

    def look(self, seen: Features) -> Iterator[Finding]:
        asked = seen.now(seen.operations).filter(~pl.col("is_response") & pl.col("operation").str.contains(GRAVE))
        by = ["client_device", "server_device", "client", "server", "protocol", "operation", "step"]
        for row in (
            asked.group_by(by).agg(pl.col("time").min(), n=pl.len()).sort("step", *by[:-1]).iter_rows(named=True)
        ):
            party = party_of(row)
            if party is None:
                continue
            where = rows_of(seen, "ot", row, party)
            does = f"told {row['server']}" if party.asks else f"was told by {row['client']}"
            yield self.finding(
                party.device,
                f"{does}: {row['operation']} ({row['protocol']})",
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("operation", row["operation"]), ("times", row["n"])),
                peers=(party.other,),
                about=f"{row['client']}>{row['server']}:{row['operation']}",
                rows=Rows("ot", row["time"], row["step"] + STEP, (*where, ("operation", row["operation"]))),
            )
