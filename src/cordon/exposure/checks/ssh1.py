"""The check of the first version of SSH."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class Ssh1(Check):
    """It offers the first version of SSH, which is broken (RFC 4253 replaced it).

    Why it matters: Who sits on the way can read and change what is typed.
    False alarms: A banner of 1.99 means both versions are on; the old one can still be asked for.
    How to repair: Update it, and allow version 2 only in its settings.
    How we will know: It greets as version 2 only, and a day passes without the old greeting.
    """

    id = "ssh1"
    action = "Switch SSH 1 off"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 20
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.3",
    )
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("ssh.banner"):
            if row["value"].startswith("SSH-1"):
                yield self.shown(
                    row["device"], row["step"], "offers version 1 of SSH, which is broken", first=row["first"],
                    measured=(("greeting", row["value"][:60]),), rows=row["rows"],
                )  # fmt: skip
            elif row["value"].startswith("SSH-2"):
                yield self.proper(row["device"], row["step"], "offers version 2 of SSH only")
