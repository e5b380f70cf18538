"""The detector of uploads to places without a name."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting

SEALED: Final = (443, 465, 853, 993, 995, 5671, 8443, 8883)
"""Ports of enciphered services: makers' clouds take recordings there. From connections alone no name is to be seen, so
that these count only for a device that was seen to ask for names."""


class UploadByNumber(Detector):
    """A device that is not known yet uploads a lot to an outside address for which it asked no name.

    Why it matters: whoever carries data off has a machine somewhere, and seldom a name for it. Once a device is known,
    what is new to it says more (`exfiltration`).
    False alarms: a back-up to a machine of your own that is called by number, a camera watched over a relay; computers
    are left out.
    What to do: look whom the address belongs to; cordon the device off if nobody knows it.
    """

    id = "upload-by-number"
    family = "exfiltration"
    technique = "T1048"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = HOUR
    reads = ("links",)
    megabytes = Setting(5, at_least=1, at_most=1_000_000, says="megabytes sent within the hour")
    times = Setting(20, at_least=2, at_most=1000, says="times as much as came back")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("initiated") & (pl.col("proto") == 6) & (pl.col("scope") == "internet") & ~pl.col("named")
        fresh = seen.new_links.filter(such & (pl.col("bytes_out") > 100_000))
        if fresh.is_empty():
            return
        by = ["device", "peer", "port"]
        rows = seen.links.filter(such & (pl.col("step") > seen.begin - self.span)).join(
            fresh.select(by).unique(), on=by, how="semi"
        )
        sums = seen.sums(rows, self.span, by, ["bytes_out", "bytes_in", "flows"])
        much = (
            (pl.col("flows") > 0)
            & (pl.col("bytes_out") >= self["megabytes"] * 1_000_000)
            & (pl.col("bytes_out") >= self["times"] * pl.col("bytes_in"))
        )
        for row in sums.filter(much).sort("step", *by).iter_rows(named=True):
            device, step, sent = row["device"], row["step"], row["bytes_out"] // 1_000_000
            if (
                seen.settled(device)
                or seen.wanders(device, step)
                or (row["port"] in SEALED and not self._asks(seen, device, step))
            ):
                continue
            where = (("device", device), ("peer", row["peer"]), ("port", str(row["port"])))
            yield self.finding(
                device,
                f"sent {sent} MB to {row['peer']}, a place without a name, over port {row['port']}",
                began=row["began"],
                noticed=step + STEP,
                measured=(("megabytes", sent), ("port", row["port"])),
                about=f"{row['peer']}:{row['port']}",
                rows=Rows("talks", row["began"], step + STEP, where),
            )

    def _asks(self, seen: Features, device: str, step: int) -> bool:
        """Whether the device was told an address for a name before."""
        names = seen.state.names
        return not names.filter((pl.col("device") == device) & (pl.col("time") <= step + STEP)).is_empty()
