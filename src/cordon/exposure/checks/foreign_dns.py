"""The check of resolvers from elsewhere."""

from collections.abc import Iterator

import polars as pl

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import NETWORK, PERSONAL
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class ForeignDns(Check):
    """It asks a resolver of names elsewhere, in clear, although the network gives it one.

    Why it matters: Somebody learns all it does, and what you block by name or watch for on your resolver passes
    by.
    False alarms: A resolver that its owner chose; a network that hands out none is left out.
    How to repair: Set the resolver in its settings to automatic; or redirect port 53 on the router to your own.
    How we will know: It asks the resolver that the network gives it, and a day passes without the other.
    """

    id = "foreign-dns"
    action = "Let it ask your own resolver"
    family = "privacy"
    severity = Severity.LOW
    weight = 10
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.8-1",
        "NIST IR 8259A data protection",
        "IEC 62443-3-3 SR 5.2",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        asks = (pl.col("service") == "dns") & (pl.col("port") == 53) & pl.col("initiated") & (pl.col("payload_in") > 0)
        rows = (
            seen.talks.filter(asks).group_by("device", "peer", "scope", "port", "step").agg(first=pl.col("time").min())
        )
        for row in seen.with_kind(rows.sort("step", "device", "peer")).iter_rows(named=True):
            if row["kind"] in PERSONAL or row["kind"] in NETWORK or not seen.state.given:
                continue
            if row["scope"] != "internet" or seen.state.given.get(row["peer"], row["step"] + 1) <= row["step"]:
                yield self.proper(row["device"], row["step"], "asks the resolver that the network gives it")
            elif min(seen.state.given.values()) <= row["step"]:
                yield self.shown(
                    row["device"], row["step"], f"asks a resolver elsewhere for names ({row['peer']})",
                    first=row["first"], reach=Reach.PATH, measured=(("resolver", row["peer"]),), rows=talks_of(row),
                )  # fmt: skip
