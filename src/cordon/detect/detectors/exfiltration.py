"""The detector of exfiltration."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.data.kinds import WANDERING
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.novelty import MET
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, STEP
from cordon.parts import Level, Setting

RECORDING: Final = frozenset({"camera", "doorbell", "nvr"})
"""Devices that send recordings; to where, is not known from the first hour on."""


class Exfiltration(Detector):
    """A device uploads a lot to a place it has only just met, and gets little back.

    Why it matters: this is what carrying data out looks like.
    False alarms: a new cloud back-up; computers may send a hundred times as much before anything is said.
    What to do: look whom the destination belongs to; cordon the device off if nobody knows it.
    """

    id = "exfiltration"
    family = "exfiltration"
    technique = "T1041"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 350
    span = HOUR
    reads = ("first_contacts", "early_contacts")
    megabytes = Setting(10, at_least=1, at_most=1_000_000, says="megabytes sent to the new destination")
    computers = Setting(100, at_least=1, at_most=100_000, says="times more that general-purpose devices may send")

    unknown = Setting(3, at_least=1, at_most=100_000, says="times more that a device may send that is not known yet")

    def look(self, seen: Features) -> Iterator[Finding]:
        least = self["megabytes"] * 1_000_000
        met = pl.concat([seen.first_contacts.select(*MET), seen.early_contacts])
        sent = met.filter((pl.col("sent") >= least) & (pl.col("sent") >= 5 * pl.col("got")))
        for row in sent.iter_rows(named=True):
            device, step = row["device"], row["step"]
            settled = seen.settled(device)
            kind = seen.kind(device, step)
            wanders = kind in WANDERING if kind else seen.wanders(device, step)
            wide = self["computers"] if wanders else self["unknown"] if not (kind and settled) else 1
            wide = wide * 4 if kind in RECORDING and not settled else wide
            known = row["elsewhere"] < row["settled"] or step - row["elsewhere"] > DAY
            if known or row["sent"] < least * wide:
                continue
            yield self.finding(
                device,
                f"sent {row['sent'] // 1_000_000} MB to {row['name'] or row['peer']}, a place new to it",
                began=row["elsewhere"],
                noticed=step + STEP,
                measured=(("megabytes", row["sent"] // 1_000_000), ("destination", row["dest"])),
                about=row["dest"],
                rows=Rows("talks", row["elsewhere"], step + STEP, (("device", device), ("peer", row["peer"]))),
            )
