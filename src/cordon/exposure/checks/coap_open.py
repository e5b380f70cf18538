"""The check of CoAP without signing in."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.exposure.check import Check, Sign
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity

CHANGED: Final = frozenset({"2.01", "2.02", "2.04"})


class CoapOpen(Check):
    """It answers CoAP in clear, and so without knowing who asks.

    Why it matters: Anything in the network can read its state; where it takes changes, anything can switch it.
    False alarms: A state that is no secret. Changes (2.01, 2.02, 2.04) weigh more.
    How to repair: Switch DTLS or OSCORE on in its settings, or put it into a network of its own with its hub.
    How we will know: It is seen answering DTLS a day after the last CoAP in clear, or none of that for 14 days.
    """

    id = "coap-open"
    action = "Guard its CoAP interface"
    family = "services"
    severity = Severity.LOW
    weight = 10
    effort = 60
    requirements = (
        "ETSI EN 303 645 5.5-4",
        "ETSI EN 303 645 5.6-2",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 2.1",
    )
    reads = ("coap", "talks")

    def look(self, seen: Sight) -> Iterator[Sign]:
        answers = seen.coap.filter(
            pl.col("is_response") & pl.col("code").str.starts_with("2.") & (pl.col("server_device") != "")
            & (pl.col("path") != ".well-known/core")
        ).rename({"server_device": "device"})  # fmt: skip
        for row in answers.iter_rows(named=True):
            changed = row["code"] in CHANGED
            yield self.shown(
                row["device"], row["step"], f"{'takes changes' if changed else 'answers'} in clear from anybody (CoAP)",
                first=row["time"], reach=Reach.INTERNET if row["outside"] else Reach.NETWORK,
                severity=Severity.MEDIUM if changed else Severity.LOW, peers=(row["client_device"],),
                measured=(("port", row["port"]), ("path", row["path"][:100])), rows=talks_of(row),
            )  # fmt: skip
        for row in seen.served(pl.col("service").is_in(["dtls", "coaps"]) | (pl.col("port") == 5684)).iter_rows(
            named=True
        ):
            yield self.proper(row["device"], row["step"], "answers over DTLS instead")
