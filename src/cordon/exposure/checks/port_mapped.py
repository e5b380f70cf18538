"""The check of ports that devices have opened to the Internet."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class PortMapped(Check):
    """It had the router open a port to the Internet (UPnP).

    Why it matters: From then on everybody on the Internet may knock there, and nobody was asked.
    False alarms: A game or a call for as long as it lasts.
    How to repair: Switch UPnP off in the settings of the device and on the router, and close the port that is open.
    How we will know: It asks for no open port for 14 days.
    """

    id = "port-mapped"
    action = "Take back the port it opened to the Internet"
    family = "placement"
    severity = Severity.MEDIUM
    weight = 25
    effort = 10
    requirements = ("ETSI EN 303 645 5.5-5", "ETSI EN 303 645 5.6-1", "NIST IR 8259A logical access to interfaces",
                    "IEC 62443-4-2 NDR 1.13", "IEC 62443-3-3 SR 5.2")  # fmt: skip
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("upnp.mapping"):
            outside = row["value"].partition(" to ")[0]
            yield self.shown(
                row["device"], row["step"], f"had the router open {outside} to the Internet", about=outside,
                first=row["first"], reach=Reach.INTERNET, measured=(("mapping", row["value"][:100]),),
                rows=row["rows"],
            )  # fmt: skip
