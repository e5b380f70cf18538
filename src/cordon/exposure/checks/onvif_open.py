"""The check of cameras that take calls from anybody."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

FOR_ALL: Final = frozenset({
    "GetWsdlUrl", "GetServices", "GetServiceCapabilities", "GetCapabilities", "GetHostname", "GetSystemDateAndTime",
    "GetEndpointReference",
})  # fmt: skip
"""What everybody may ask before signing in (ONVIF core specification, access class PRE_AUTH)."""


class OnvifOpen(Check):
    """It answers calls of ONVIF, by which cameras are set up, from somebody who does not sign in.

    Why it matters: Whoever is in the network learns where its pictures are, and often may turn, set or reset it.
    False alarms: Operations that the standard leaves open to all are not counted.
    How to repair: In its settings switch the sign-in for ONVIF on, and make a user of its own for the recorder; update
    it where there is no such setting.
    How we will know: It turns such a call away, and a day passes in which it answers none.
    """

    id = "onvif-open"
    action = "Let ONVIF ask for a password"
    family = "credentials"
    severity = Severity.HIGH
    weight = 30
    effort = 10
    requirements = ("ETSI EN 303 645 5.5-4", "ETSI EN 303 645 5.5-5", "NIST IR 8259A logical access to interfaces",
                    "IEC 62443-4-2 CR 1.1", "IEC 62443-4-2 CR 2.1")  # fmt: skip
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("onvif.access"):
            access, _, operation = row["value"].partition(":")
            if operation in FOR_ALL:
                continue
            if access == "open":
                yield self.shown(
                    row["device"], row["step"], f"answers whoever calls {operation} without a password (ONVIF)",
                    first=row["first"], measured=(("operation", operation),), rows=row["rows"],
                )  # fmt: skip
            else:
                yield self.proper(row["device"], row["step"], "turns calls of ONVIF without a password away")
