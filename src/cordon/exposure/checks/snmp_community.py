"""The check of communities of SNMP that anybody would guess."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.tables import HOUR

USUAL: Final = (
    "public", "private", "community", "snmp", "monitor", "manager", "cisco", "admin", "read", "write", "all private",
    "security", "system", "default", "secret", "ILMI", "internal", "netman", "rmon",
)  # fmt: skip
"""Communities that devices come with, and that every scanner tries first."""


class SnmpCommunity(Check):
    """It answers to an SNMP community that its maker gave to all, or that anybody would guess.

    Why it matters: The community is all the password that SNMP 1 and 2c have, and scanners try these first.
    False alarms: A monitor's read-only community in a network of its own.
    How to repair: Switch SNMP off where nobody asks, else use version 3; where it must be 2c, set a long community of
    its own, for reading only.
    How we will know: It answers to another community, and an hour passes without the old one.
    """

    id = "snmp-community"
    action = "Change the SNMP community"
    family = "credentials"
    severity = Severity.HIGH
    weight = 30
    effort = 10
    requirements = ("ETSI EN 303 645 5.1-1", "NIST IR 8259A logical access to interfaces", "IEC 62443-4-2 CR 1.5",
                    "IEC 62443-4-2 CR 1.7")  # fmt: skip
    reads = ("sightings",)
    settles = HOUR

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("snmp.community"):
            if seen.knowledge.is_community(row["value"], USUAL):
                yield self.shown(
                    row["device"], row["step"], "answers to an SNMP community that everybody tries first",
                    first=row["first"], rows=row["rows"],
                )  # fmt: skip
            else:
                yield self.proper(row["device"], row["step"], "answers to another SNMP community")
