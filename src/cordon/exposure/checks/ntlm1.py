"""The check of the first version of NTLM."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class Ntlm1(Check):
    """It signs in to shares with the first version of NTLM, whose proof is made with DES.

    Why it matters: Whoever hears one sign-in works the password's key out within a day, for a few coins.
    False alarms: None: the proof was seen.
    How to repair: Let it use NTLM 2 or Kerberos in its settings for file shares; update it where it cannot, and let the
    server refuse version 1.
    How we will know: It signs in with version 2, and a day passes without the first.
    """

    id = "ntlm1"
    action = "End NTLM version 1"
    family = "credentials"
    severity = Severity.MEDIUM
    weight = 20
    effort = 20
    requirements = ("ETSI EN 303 645 5.1-3", "ETSI EN 303 645 5.5-1", "NIST IR 8259A data protection",
                    "IEC 62443-4-2 CR 4.3")  # fmt: skip
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("ntlm.version"):
            if row["value"] == "1":
                yield self.shown(
                    row["device"], row["step"], "signs in with version 1 of NTLM, which is broken", first=row["first"],
                    measured=(("version", 1),), rows=row["rows"],
                )  # fmt: skip
            else:
                yield self.proper(row["device"], row["step"], "signs in with version 2 of NTLM")
