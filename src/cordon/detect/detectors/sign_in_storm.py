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
TRIED: Final = 1200
"""Bytes that a client sends at least until it told a password over SSH; a look whether a host is there sends less."""


class SignInStorm(Detector):
    """One short connection after the other is opened to a port for signing in, at one host or at many.

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

    hosts = Setting(5, at_least=2, at_most=10_000, says="hosts, where a few are opened at each of many")

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
        yield from self._at_many(seen)

    def _at_many(self, seen: Features) -> Iterator[Finding]:
        """A few at each of many hosts, each as much as it takes to say a password under encipherment."""
        such = (pl.col("proto") == 6) & pl.col("port").is_in(SIGN_IN) & pl.col("answered") & pl.col("initiated")
        fresh = seen.new_links.filter(such & (pl.col("flows") > 0))
        if fresh.is_empty():
            return
        by = ["device", "port"]
        rows = seen.links.filter(such & (pl.col("flows") > 0) & (pl.col("step") > seen.begin - self.span))
        rows = rows.join(fresh.select(by).unique(), on=by, how="semi")
        many = seen.distinct(rows, self.span, least=self["hosts"], by=by, of=["peer"], name="hosts")
        if many.is_empty():
            return
        sums = seen.sums(rows, self.span, by, ["flows", "bytes_out", "bytes_in"])
        tried = (
            (pl.col("flows") >= self["connections"])
            & (pl.col("bytes_out") >= TRIED * pl.col("flows"))
            & (pl.col("bytes_out") + pl.col("bytes_in") <= self["kilobytes"] * 1000 * pl.col("flows"))
        )
        for row in many.join(sums, on=[*by, "step"]).filter(tried).sort("step", *by).iter_rows(named=True):
            where = (("device", row["device"]), ("port", str(row["port"])))
            yield self.finding(
                row["device"],
                f"opened {row['flows']} short connections to port {row['port']} of {row['hosts']} hosts in 5 minutes",
                began=row["began"],
                noticed=row["step"] + STEP,
                measured=(("connections", row["flows"]), ("hosts", row["hosts"]), ("port", row["port"])),
                about=f"many:{row['port']}",
                rows=Rows("talks", row["began"], row["step"] + STEP, where),
            )

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
