"""The detector of searches through web servers."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import parties, party_of
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting


class WebSearch(Detector):
    """Somebody asks a web server for one page after the other that is not there.

    Why it matters: lists of pages with known holes are tried in this way before one of them is used.
    False alarms: a test of your own pages; a page with broken pictures asks for a few in vain, not for dozens.
    What to do: if a device of yours asked, cut it off; else see that the server need not be reached from there.
    """

    id = "web-search"
    family = "scan"
    technique = "T1595.003"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 200
    span = 10 * MINUTE
    reads = ("requests",)
    pages = Setting(25, at_least=5, at_most=10_000, says="pages that are not there, asked for within ten seconds")

    def look(self, seen: Features) -> Iterator[Finding]:
        http = seen.window.table("http")
        vain = http.filter(pl.col("is_response") & pl.col("status").is_in([400, 403, 404, 405, 410]))
        if vain.height < self["pages"]:
            return
        by = ["client_device", "server_device", "client", "server", "step"]
        rows = parties(seen.state, vain)
        told = rows.group_by(by).agg(pl.col("time").min(), n=pl.len()).filter(pl.col("n") >= self["pages"])
        for row in seen.now(told).sort("step", *by[:-1]).iter_rows(named=True):
            party = party_of(row)
            if party is None:
                continue
            says = f"asked {row['server']} for {row['n']} pages within 10 seconds that are not there"
            if not party.asks:
                says = f"was asked by {row['client']} for {row['n']} pages within 10 seconds that are not there"
            yield self.finding(
                party.device,
                says,
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("pages", row["n"]),),
                peers=(party.other,),
                about=f"{row['client']}>{row['server']}",
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", party.device), ("peer", party.peer))),
            )
