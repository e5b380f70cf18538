"""The check of devices that give others the time although nothing of their kind does."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import NETWORK, SERVING
from cordon.exposure.served import reach_of, talks_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class RogueTime(Check):
    """It gives others the time, which is not what a device of its kind is for.

    Why it matters: Wrong time makes old certificates good again, and records worthless.
    False alarms: A recorder that keeps the time of its cameras, by the settings of its maker.
    How to repair: Switch its time server off, and point the others to the clock of the network.
    How we will know: It answers nobody who asks for the time for 14 days.
    """

    id = "rogue-time"
    action = "End a second clock"
    family = "placement"
    severity = Severity.LOW
    weight = 5
    effort = 15
    requirements = ("ETSI EN 303 645 5.6-5", "NIST IR 8259A device configuration", "IEC 62443-4-2 CR 2.11")
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.served(("ntp",)):
            kind = seen.kind(row["device"], row["step"])
            if kind and kind not in NETWORK and kind not in SERVING:
                yield self.shown(
                    row["device"], row["step"], f"gives the time to {row['peer']}", first=row["first"],
                    reach=reach_of(row), measured=(("address", row["own"]),), peers=(row["peer_device"],),
                    rows=talks_of(row),
                )  # fmt: skip
