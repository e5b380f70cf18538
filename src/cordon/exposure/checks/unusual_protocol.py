"""The check of protocols that a kind of device has no use for."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.services import SAYS
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class UnusualProtocol(Check):
    """It uses a protocol that the written baseline of its kind does not have.

    Why it matters: What a device may speak without need, an intruder in it may speak too.
    False alarms: A function that its owner set up; write it into the baseline of the kind, or an exception for it.
    How to repair: Switch off the function that speaks so, or block the protocol for it on the way.
    How we will know: It does not use it for 14 days.
    """

    id = "unusual-protocol"
    action = "End a protocol that it does not need"
    family = "services"
    severity = Severity.LOW
    weight = 5
    effort = 15
    requirements = (
        "ETSI EN 303 645 5.6-5",
        "NIST IR 8259A device configuration",
        "IEC 62443-4-2 CR 7.7",
        "IEC 62443-3-3 SR 5.2",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.opening():
            device, step, service = row["device"], row["step"], row["service"]
            expected = seen.expected(device, step)
            if expected is None or service in expected.protocols or str(row["port"]) in expected.protocols:
                continue
            if (service in SAYS or expected.strict) and not seen.exempts(device, service, step):
                yield self.shown(
                    device, step, f"uses {SAYS.get(service, service)}, which devices of its kind do not need",
                    about=service, first=row["first"], reach=Reach.PATH if row["outside"] else Reach.NETWORK,
                    measured=(("port", row["port"]), ("with", row["peer"])), peers=(row["peer_device"],),
                    rows=talks_of(row),
                )  # fmt: skip
