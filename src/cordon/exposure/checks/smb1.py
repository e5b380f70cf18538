"""The check of the first version of SMB."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.tables import DAY


class Smb1(Check):
    """It speaks the first version of SMB (file sharing), which its makers gave up in 2014.

    Why it matters: The worms WannaCry and NotPetya spread through it; it enciphers nothing.
    False alarms: A device that offers it and newer ones at once is asked in the old one first; it is still on.
    How to repair: Switch SMB 1 (CIFS) off in its file services; update or replace what cannot do better.
    How we will know: It speaks SMB 2 or 3, and a week passes without version 1.
    """

    id = "smb1"
    action = "Switch SMB 1 off"
    family = "services"
    severity = Severity.MEDIUM
    weight = 25
    effort = 20
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "ETSI EN 303 645 5.6-1",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 4.3",
        "IEC 62443-4-2 CR 7.7",
    )
    reads = ("sightings",)
    settles = 7 * DAY

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("smb.version"):
            if row["value"] == "1":
                yield self.shown(
                    row["device"], row["step"], "speaks SMB 1, which worms spread by", first=row["first"],
                    measured=(("version", 1),), rows=row["rows"],
                )  # fmt: skip
            else:
                yield self.proper(row["device"], row["step"], f"speaks SMB {row['value']}")
