"""The check of CoAP without signing in."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.served import reach_of, talks_of
from cordon.exposure.sight import Sight
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
        concerned = seen.stands(self.id)
        for row in seen.coap:
            device = row["server_device"]
            if not device or row["path"] == ".well-known/core":
                continue
            changed = row["code"] in CHANGED
            concerned.add(device)
            yield self.shown(
                device, row["step"], f"{'takes changes' if changed else 'answers'} in clear from anybody (CoAP)",
                first=row["time"], reach=reach_of(row), severity=Severity.MEDIUM if changed else Severity.LOW,
                measured=(("port", row["port"]), ("path", row["path"][:100])), peers=(row["client_device"],),
                rows=talks_of(row | {"device": device}),
            )  # fmt: skip
        for row in seen.served(("dtls", "coaps"), (5684,), of=concerned):
            yield self.proper(row["device"], row["step"], "answers over DTLS instead")
