"""The check of time from elsewhere."""

from collections.abc import Iterator

import polars as pl

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import NETWORK, PERSONAL
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class ForeignTime(Check):
    """It takes the time from a server on the Internet although the network has a clock of its own.

    Why it matters: Time from outside comes unsigned; who changes it makes certificates and records wrong.
    False alarms: Usual, and harmless where little depends on the time.
    How to repair: Set its time server to that of the network, or hand it out by DHCP (option 42).
    How we will know: It asks the clock of the network, and a day passes without the other.
    """

    id = "foreign-time"
    action = "Let it take the time from your own clock"
    family = "placement"
    severity = Severity.INFO
    weight = 1
    effort = 10
    requirements = (
        "IEC 62443-4-2 CR 2.11",
        "NIST IR 8259A device configuration",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        asks = (pl.col("service") == "ntp") & pl.col("initiated") & (pl.col("payload_in") > 0)
        rows = seen.talks.filter(asks).group_by("device", "scope", "port", "step").agg(
            pl.col("peer").min(), first=pl.col("time").min()
        )  # fmt: skip
        since = min(seen.state.clocks.values(), default=None)
        for row in seen.with_kind(rows.sort("step", "device", "scope")).iter_rows(named=True):
            if row["kind"] in PERSONAL or row["kind"] in NETWORK or since is None or since > row["step"]:
                continue
            if row["scope"] != "internet":
                yield self.proper(row["device"], row["step"], "asks the clock of the network")
            else:
                yield self.shown(
                    row["device"], row["step"], "takes the time from the Internet", first=row["first"],
                    reach=Reach.PATH, measured=(("server", row["peer"]),), rows=talks_of(row),
                )  # fmt: skip
