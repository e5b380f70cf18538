"""The check of SNMP in the clear."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class SnmpClear(Check):
    """It answers SNMP of version 1 or 2c, whose password (the community) crosses in clear.

    Why it matters: Who listens knows the password, and with it reads, and often changes, how the device is set.
    False alarms: A monitor in a network of its own that only reads.
    How to repair: Switch SNMP version 3 on, with a user and encryption, and the older versions off; switch all off
    where nobody asks.
    How we will know: It answers in version 3, and a day passes without an answer in an older one.
    """

    id = "snmp-clear"
    action = "Move to SNMP version 3"
    family = "services"
    severity = Severity.MEDIUM
    weight = 15
    effort = 20
    requirements = (
        "ETSI EN 303 645 5.5-6",
        "ETSI EN 303 645 5.6-2",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 4.1",
    )
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("snmp.version"):
            version = row["value"]
            if version == "3":
                yield self.proper(row["device"], row["step"], "answers in version 3 of SNMP")
            else:
                yield self.shown(
                    row["device"], row["step"], f"answers SNMP in clear (version {version[:9]})", first=row["first"],
                    measured=(("version", version[:9]),), rows=row["rows"],
                )  # fmt: skip
