"""The detector of address scans."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cordon.detect.data.kinds import GENERAL
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class AddressScan(Detector):
    """A device knocks at many hosts with the same question, or asks for many addresses that nobody has.

    Why it matters: whoever has taken a device looks next for others to take.
    False alarms: inventory tools and print servers looking for printers; computers must reach three times as many, and
    so must a device of which nobody knows what it is, unless nearly nobody answers it.
    Places on the Internet that were asked for by name do not count: a device that lost its cloud tries them all.
    What to do: if nobody runs such a tool on this device, cordon it off and look at what it found.
    """

    id = "address-scan"
    family = "scan"
    technique = "T1018"
    severity = Severity.MEDIUM
    level = Level.PROVEN
    weight = 250
    span = 5 * MINUTE
    reads = ("links", "asked")
    hosts = Setting(25, at_least=5, at_most=10_000, says="different hosts within five minutes")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = pl.col("proto").is_in([1, 6, 17, 58]) & (
            (pl.col("scope") == "local") | (pl.col("scope") == "internet") & ~pl.col("named")
        )
        by = ("device", "proto", "port")
        scans = seen.fan_out(seen.opened(such, self.span, by), self.span, least=self["hosts"], by=by)
        for row in scans.iter_rows(named=True):
            vain = row["reached"] - row["answered"]
            sure = 10 * vain >= 9 * row["reached"]
            if 5 * vain >= 3 * row["reached"] and self._enough(seen, row["device"], row["step"], row["reached"], sure):
                what = "on port " + str(row["port"]) if row["proto"] in {6, 17} else "by ping"
                says = f"knocked at {row['reached']} hosts {what}, at {vain} of them in vain"
                where = (("device", row["device"]), ("proto", str(row["proto"])), ("port", str(row["port"])))
                yield self._scan(row, says, what, "talks", where)
        yield from self._by_arp(seen)

    def _by_arp(self, seen: Features) -> Iterator[Finding]:
        if seen.new_asked.is_empty():
            return
        asked = seen.fan_out(
            seen.asked.with_columns(answered=pl.lit(False)), self.span, least=self["hosts"], of=("segment", "ip")
        )
        for row in asked.iter_rows(named=True):
            within = pl.col("step").is_between(row["step"] - self.span, row["step"], closed="right")
            mine = seen.asked.filter((pl.col("device") == row["device"]) & within).select("segment", "ip").unique()
            there = mine.join(seen.claims.filter(within), on=["segment", "ip"], how="semi").height
            vain = row["reached"] - there
            gateway = seen.device(row["device"], row["step"]).is_gateway
            # Of a device whose kind nobody knows twice as many suffice, not three times as many.
            reached = row["reached"] if seen.kind(row["device"], row["step"]) else row["reached"] * 3 // 2
            enough = self._enough(seen, row["device"], row["step"], reached, sure=False)
            if not gateway and 2 * vain >= row["reached"] and enough:
                says = f"asked for {row['reached']} addresses, {vain} of which nobody has"
                asking = seen.selector("arp", row["device"], row["step"], such=pl.col("operation") == "request")
                yield self._scan(row, says, "arp", "arp", (*asking, ("operation", "request")))

    def _enough(self, seen: Features, device: str, step: int, reached: int, sure: bool) -> bool:
        kind = seen.kind(device, step)
        return reached >= self["hosts"] * (3 if kind in GENERAL and not (sure and not kind) else 1)

    def _scan(
        self, row: dict[str, Any], says: str, about: str, table: str, where: tuple[tuple[str, str], ...]
    ) -> Finding:
        return self.finding(
            row["device"],
            says,
            began=row["began"],
            noticed=row["step"] + STEP,
            measured=(("hosts", row["reached"]),),
            about=about,
            rows=Rows(table, row["began"], row["step"] + STEP, where),
        )
