"""The detector of scans that take their time."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting


class SlowScan(Detector):
    """A device knocks at one host after the other, or at one port after the other, hardly ever answered, for an hour.

    Why it matters: who does not want to be noticed knocks seldom; whoever knocks in vain everywhere is still searching.
    False alarms: a device that looks for a printer or a hub which is gone; only many hosts, nearly all in vain, count.
    What to do: look what runs on the device; cordon it off if nobody set up such a search.
    """

    id = "slow-scan"
    family = "scan"
    technique = "T1046"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 200
    span = HOUR
    reads = ("links",)
    hosts = Setting(30, at_least=8, at_most=10_000, says="different hosts within the hour")
    ports = Setting(30, at_least=8, at_most=65_535, says="different ports of one host within the hour")

    def look(self, seen: Features) -> Iterator[Finding]:
        vain = pl.col("initiated") & (pl.col("flows") > 0) & ~pl.col("answered") & ~pl.col("named")
        such = (pl.col("proto") == 6) & pl.col("scope").is_in(["local", "internet"])
        knocking = seen.new_links.filter(such & vain)["device"].unique().to_list()
        if not knocking:
            return
        rows = seen.opened(such & ~pl.col("named") & pl.col("device").is_in(knocking), self.span, ("device", "scope"))
        yield from self._scans(seen, rows, ("device", "port"), ("peer",), self["hosts"])
        local = rows.filter(pl.col("scope") == "local")
        yield from self._scans(seen, local, ("device", "peer"), ("port",), self["ports"])

    def _scans(
        self, seen: Features, rows: pl.DataFrame, by: tuple[str, ...], of: tuple[str, ...], least: int
    ) -> Iterator[Finding]:
        for row in seen.fan_out(rows, self.span, least=least, by=by, of=of).iter_rows(named=True):
            vain = row["reached"] - row["answered"]
            wide = 3 if seen.wanders(row["device"], row["step"]) else 1  # those who share files knock in vain as well
            if 5 * vain < 4 * row["reached"] or row["reached"] < least * wide:
                continue
            at = f"hosts on port {row['port']}" if "port" in by else f"ports of {row['peer']}"
            where = (("device", row["device"]), ("proto", "6"), (by[1], str(row[by[1]])))
            yield self.finding(
                row["device"],
                f"knocked at {row['reached']} {at} within the hour, at {vain} of them in vain",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=((f"{of[0]}s", row["reached"]), ("in vain", vain)),
                about=f"{by[1]} {row[by[1]]}",
                rows=Rows("talks", row["began"], row["step"] + STEP, where),
            )
