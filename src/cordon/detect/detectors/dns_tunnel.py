"""The detector of tunnels in DNS."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.detect.data.kinds import GENERAL
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.questions import entropy
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.parts import Level, Setting

LOOKED_UP: Final = frozenset(
    {
        "akadns.net", "akamai.net", "akamaiedge.net", "avast.com", "cymru.com", "e5.sk", "mcafee.com", "sophosxl.net",
        "spamhaus.net", "spamhaus.org", "surbl.org", "trendmicro.com",
    }
)  # fmt: skip
"""Domains whose long names are questions about files and senders, or point into a delivery network."""


class DnsTunnel(Detector):
    """A device hides data in the names it asks for.

    Why it matters: names are let out of nearly every network, so data can leave and orders come in with them.
    False alarms: virus scanners and delivery networks that ask in long names; the common ones are known.
    What to do: look at the names; if nobody knows the domain, cordon the device off.
    """

    id = "dns-tunnel"
    family = "tunnel"
    technique = "T1071.004"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 350
    span = 10 * MINUTE
    reads = ("questions",)
    names = Setting(40, at_least=10, at_most=100_000, says="different long names of one domain within ten minutes")
    slow = Setting(30, at_least=10, at_most=100_000, says="the same within an hour, of names that look like data")
    length = Setting(24, at_least=16, at_most=250, says="characters in the mean below the domain")

    def look(self, seen: Features) -> Iterator[Finding]:
        yield from self._within(seen, self.span, self["names"])
        yield from self._within(seen, HOUR, self["slow"])

    def _within(self, seen: Features, span: int, least: int) -> Iterator[Finding]:
        by, slow = ["device", "domain"], span > self.span
        asked = seen.questions.filter(~pl.col("domain").is_in(list(LOOKED_UP)))
        many = seen.distinct(asked, span, least=least, by=by, of=["name"], name="names")
        if many.is_empty():
            return
        sums = seen.sums(asked.with_columns(rows=pl.lit(1)), span, by, ["length", "rows"])
        for row in many.join(sums, on=[*by, "step"]).sort("step", *by).iter_rows(named=True):
            device, domain, step = row["device"], row["domain"], row["step"]
            mean, known = row["length"] // row["rows"], seen.device(device, step + STEP)
            general = seen.wanders(device, step) if slow else known.kind in GENERAL
            wide = 3 if general else 1
            if known.is_gateway or mean < self["length"] + 8 * slow or row["names"] < least * wide:
                continue
            if slow and row["names"] * 10 < row["rows"] * 9:
                continue  # names that are asked for again are places
            if entropy(self._letters(asked, device, domain, step, span)) < (3.7 if slow else 3.3):
                continue  # words and counters, not data
            below = pl.col("name").str.ends_with(domain)
            yield self.finding(
                device,
                f"asked for {row['names']} long, ever new names under {domain} within {span // MINUTE} minutes",
                began=row["began"],
                noticed=step + STEP,
                measured=(("names", row["names"]), ("mean length", mean)),
                about=domain,
                rows=Rows(
                    "dns", row["began"], step + STEP, seen.selector("dns", device, step, ip="client", such=below)
                ),
            )

    def _letters(self, asked: pl.DataFrame, device: str, domain: str, step: int, span: int) -> str:
        within = pl.col("step").is_between(step - span, step, closed="right")
        names = asked.filter((pl.col("device") == device) & (pl.col("domain") == domain) & within)["name"]
        return "".join(name.removesuffix(domain) for name in names.unique().sort().head(200)).replace(".", "")
