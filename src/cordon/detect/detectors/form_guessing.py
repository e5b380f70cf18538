"""The detector of passwords guessed over web forms."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.features.parties import party_of
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting

FORM = r"(?i)log-?_?[io]n|sign-?_?in|auth|passw|dologin|xmlrpc\.php"
"""Paths of pages on which one signs in."""


class FormGuessing(Detector):
    """Somebody sends the sign-in form of a web page again and again, many times in ten seconds.

    Why it matters: passwords are guessed this way where the page, not the browser, asks for them.
    False alarms: a test of your own pages; a person is not so fast, and an app that signs in again is not so often.
    What to do: look in the server's log whether a try succeeded; let the page be reached only from where it is needed.
    """

    id = "form-guessing"
    family = "brute-force"
    technique = "T1110.001"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = 10 * MINUTE
    reads = ("requests",)
    tries = Setting(15, at_least=3, at_most=10_000, says="forms sent within ten seconds")

    refused = Setting(6, at_least=3, at_most=10_000, says="of them, where each was refused (401 or 403)")

    def look(self, seen: Features) -> Iterator[Finding]:
        sent = seen.now(seen.requests).filter((pl.col("method") == "POST") & pl.col("path").str.contains(FORM))
        if sent.height < min(self["tries"], self["refused"]):
            return
        by = ["client_device", "server_device", "client", "server", "path", "step"]
        heard = seen.window.table("http").filter(pl.col("is_response") & pl.col("status").is_in([401, 403]))
        vain = heard.group_by("client", "server", "step").agg(vain=pl.len())
        told = sent.group_by(by).agg(pl.col("time").min(), n=pl.len())
        told = told.join(vain, on=["client", "server", "step"], how="left")
        often = (pl.col("n") >= self["tries"]) | (pl.min_horizontal("n", "vain") >= self["refused"])
        told = told.filter(often.fill_null(False))
        for row in told.sort("step", *by[:-1]).iter_rows(named=True):
            party = party_of(row)
            if party is None:
                continue
            says = f"sent the form {row['path']} of {row['server']} {row['n']} times within 10 seconds"
            if not party.asks:
                says = f"got its form {row['path']} {row['n']} times within 10 seconds from {row['client']}"
            yield self.finding(
                party.device,
                says,
                began=row["time"],
                noticed=row["step"] + STEP,
                measured=(("tries", row["n"]), ("path", row["path"][:120])),
                peers=(party.other,),
                about=f"{row['client']}>{row['server']}",
                rows=Rows("talks", row["step"], row["step"] + STEP, (("device", party.device), ("peer", party.peer))),
            )
