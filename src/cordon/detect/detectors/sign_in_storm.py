"""The detector of sign-ins that are tried again and again, from connections alone."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import MINUTE, STEP
from cordon.parts import Level, Setting

SIGN_IN: Final = (21, 22, 23, 1433, 2222, 2323, 3306, 3389, 5432, 5900, 5901)
"""Ports on which one signs in, to a shell, files, a desktop or a database."""


class SignInStorm(Detector):
    """One short connection after the other is opened to a port for signing in.

    Why it matters: passwords are tried this way, and where the talk is enciphered nothing else is to be seen of it.
    False alarms: scripts that do their work over many short sessions; those that carry much are left out.
    What to do: look in the server's log whether one of the tries succeeded; allow the port only to those who need it.
    """

    id = "sign-in-storm"
    family = "brute-force"
    technique = "T1110"
    severity = Severity.MEDIUM
    level = Level.SOUND
    weight = 250
    span = 5 * MINUTE
    reads = ("links",)
    connections = Setting(20, at_least=5, at_most=100_000, says="connections between the same two within five minutes")
    kilobytes = Setting(20, at_least=1, at_most=100_000, says="that each may carry, in the mean")

    def look(self, seen: Features) -> Iterator[Finding]:
        such = (pl.col("proto") == 6) & pl.col("port").is_in(SIGN_IN) & pl.col("answered") & (pl.col("flows") > 0)
        fresh = seen.new_links.filter(such)
        if fresh.is_empty():
            return
        by = ["device", "peer", "peer_device", "port", "initiated"]
        rows = seen.links.filter(such & (pl.col("step") > seen.begin - self.span)).join(
            fresh.select(by).unique(), on=by, how="semi"
        )
        sums = seen.sums(rows, self.span, by, ["flows", "bytes_out", "bytes_in"])
        many = (pl.col("flows") >= self["connections"]) & (
            pl.col("bytes_out") + pl.col("bytes_in") <= self["kilobytes"] * 1000 * pl.col("flows")
        )
        # Between two devices of ours the one that tries is spoken of.
        for row in (
            sums.filter(many & (pl.col("initiated") | (pl.col("peer_device") == "")))
            .sort("step", *by)
            .iter_rows(named=True)
        ):
            yield self._told(row)

    def _told(self, row: dict[str, Any]) -> Finding:
        does = f"opened {row['flows']} connections to port {row['port']} of {row['peer']}"
        if not row["initiated"]:
            does = f"got {row['flows']} connections to port {row['port']} from {row['peer']}"
        where = (("device", row["device"]), ("peer", row["peer"]), ("port", str(row["port"])))
        return self.finding(
            row["device"],
            f"{does} within 5 minutes, each of them short",
            began=row["began"],
            noticed=row["step"] + STEP,
            measured=(("connections", row["flows"]), ("port", row["port"])),
            peers=(row["peer_device"],),
            about=f"{row['peer']}:{row['port']}:{row['initiated']}",
            rows=Rows("talks", row["began"], row["step"] + STEP, where),
        )
