"""The detector of loaders, from connections alone."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.habits import EVERYDAY
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level, Setting


class LoaderVisit(Detector):
    """A device fetches something in clear from a place without a name that it also calls over odd ports, or in vain.

    Why it matters: the place that hands out a botnet's programs is often its master too, and seldom always there.
    False alarms: a server of your own that is called by number for several services.
    What to do: look whom the address belongs to; cordon the device off if nobody knows it.
    """

    id = "loader-visit"
    family = "download"
    technique = "T1105"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = HOUR
    reads = ("links",)
    kilobytes = Setting(20, at_least=1, at_most=1_000_000, says="kilobytes that were fetched within the hour")
    vain = Setting(3, at_least=1, at_most=1000, says="calls of the same place in vain, or else one over an odd port")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("initiated") & (pl.col("proto") == 6) & (pl.col("scope") == "internet") & ~pl.col("named")
        clear = pl.col("port").is_in([80, 8080]) & pl.col("answered")
        by = ["device", "peer"]
        rows = seen.links.filter(such & (pl.col("step") > seen.begin - self.span))
        loads = rows.filter(clear & (pl.col("bytes_in") > 0)).select(by).unique()
        if loads.is_empty():
            return
        rows = rows.join(loads, on=by, how="semi")
        marked = rows.with_columns(
            fetched=pl.when(clear).then("bytes_in").otherwise(0),
            odd=(pl.col("answered") & ~pl.col("port").is_in(EVERYDAY)).cast(pl.Int64)
            + (pl.col("answered") & (pl.col("port") == 23)).cast(pl.Int64),
            vain=pl.when(~pl.col("answered")).then("flows").otherwise(0),
        )
        bad = (pl.col("fetched") >= self["kilobytes"] * 1000) & (
            (pl.col("odd") > 0) | (pl.col("vain") >= self["vain"])
        )  # fmt: skip
        for row in seen.sums(marked, self.span, by, ["fetched", "odd", "vain"], bad).iter_rows(named=True):
            device, step = row["device"], row["step"]
            if seen.wanders(device, step):
                continue
            yield self.finding(
                device,
                f"fetched {row['fetched'] // 1000} kB in clear from {row['peer']}, a place without a name that it also "
                f"calls {'over odd ports' if row['odd'] else 'in vain'}",
                began=row["began"],
                noticed=step + STEP,
                measured=(("kilobytes", row["fetched"] // 1000), ("in vain", row["vain"])),
                about=row["peer"],
                rows=Rows("talks", row["began"], step + STEP, (("device", device), ("peer", row["peer"]))),
            )
