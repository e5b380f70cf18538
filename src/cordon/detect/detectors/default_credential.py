"""The detector of default credentials."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from cordon.detect.data.kinds import GENERAL
from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, STEP
from cordon.parts import Level

SEVERAL: Final = 3
SHELLS: Final = ("telnet", "ssh")


class DefaultCredential(Detector):
    """Somebody signs in to a device with a password that its maker gave to all of them.

    Why it matters: these passwords are on lists that every worm carries.
    False alarms: none when the sign-in succeeded; where that could not be seen, it may have been refused.
    What to do: set a password of its own, and look who signed in.
    """

    id = "default-credential"
    family = "exposure"
    technique = "T1078.001"
    severity = Severity.MEDIUM
    level = Level.PROVEN
    weight = 150
    span = 7 * DAY
    reads = ("tries",)

    def look(self, seen: Features) -> Iterator[Finding]:
        used = seen.now(seen.tries).filter((pl.col("default") != "") & (pl.col("server_device") != ""))
        for row in used.iter_rows(named=True):
            outside, sure = row["scope"] == "internet", row["successes"] > 0
            if not (outside or sure) and row["failures"]:
                continue
            where = seen.selector(
                "logins", row["server_device"], row["step"], mac="server_mac", ip="server",
                such=pl.col("server") == row["server"],
            )  # fmt: skip
            who = f" from the Internet ({row['client']})" if outside else ""
            does = "let somebody in" if sure else "was signed in to"
            yield self.finding(
                row["server_device"],
                f"{does}{who} with a well-known default password (user {row['default']}, {row['service']})",
                began=row["first"],
                noticed=row["step"] + STEP,
                measured=(("user", row["default"]), ("port", row["port"])),
                peers=(row["client_device"],),
                about=f"{row['service']}:{row['port']}:{'outside' if outside else row['client_device']}",
                severity=Severity.HIGH if outside else None,
                weight=500 if outside and sure else None,
                compromise=outside and sure,
                family="brute-force" if outside or self._is_thing(seen, row) else None,
                rows=Rows("logins", row["step"], row["step"] + STEP, where),
            )

    def _is_thing(self, seen: Features, row: dict[str, Any]) -> bool:
        """Whether a device that nobody sits at signed in to a shell, or anyone to several within the hour: recorders
        sign in to cameras, but not so."""
        client = row["client_device"]
        if not client or row["service"] not in SHELLS:
            return False
        mine = (pl.col("client_device") == client) & (pl.col("default") != "") & (pl.col("successes") > 0)
        let_in = seen.tries.filter(mine & pl.col("step").is_between(row["step"] - HOUR, row["step"], closed="right"))
        return seen.kind(client, row["step"]) not in GENERAL or let_in["server"].n_unique() >= SEVERAL
