"""The check of routers that open ports on demand."""

import re
from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

OFFER: Final = re.compile(r"InternetGatewayDevice|WANIPConnection|WANPPPConnection")


class UpnpPortMapping(Check):
    """It opens its ports to the Internet for every device that asks (UPnP).

    Why it matters: One infected or careless device is enough to let the whole Internet in, and nobody is asked.
    False alarms: Games and telephones that need it; open the ports that they need by hand.
    How to repair: Switch UPnP off on the router, and look which ports are open already.
    How we will know: It announces no such service for 14 days.
    """

    id = "upnp-port-mapping"
    action = "Switch UPnP off on the router"
    family = "services"
    severity = Severity.MEDIUM
    weight = 25
    effort = 5
    requirements = (
        "ETSI EN 303 645 5.5-5",
        "ETSI EN 303 645 5.6-5",
        "NIST IR 8259A device configuration",
        "IEC 62443-4-2 NDR 1.13",
    )
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("ssdp.type"):
            if OFFER.search(row["value"]):
                yield self.shown(
                    row["device"], row["step"], "opens ports to the Internet for whoever asks (UPnP)",
                    first=row["first"], measured=(("announced", row["value"][:100]),), rows=row["rows"],
                )  # fmt: skip
