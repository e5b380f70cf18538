"""The check of video that anybody may watch."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class RtspOpen(Check):
    """It plays its video to somebody who never signed in (RTSP).

    Why it matters: Everybody in the network can watch what the camera sees.
    False alarms: A sign within the address that Cordon does not know as one.
    How to repair: In the settings of its stream, ask for user and password on RTSP, with digest instead of basic.
    How we will know: It asks for a sign-in, and a day passes in which nobody watches without one.
    """

    id = "rtsp-open"
    action = "Let its video ask for a password"
    family = "credentials"
    severity = Severity.HIGH
    weight = 40
    effort = 10
    requirements = ("ETSI EN 303 645 5.5-4", "ETSI EN 303 645 5.8-2", "NIST IR 8259A logical access to interfaces",
                    "IEC 62443-4-2 CR 1.1", "IEC 62443-4-2 CR 2.1")  # fmt: skip
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("rtsp.access"):
            if row["value"] == "open":
                yield self.shown(
                    row["device"], row["step"], "shows its video to whoever asks, without a password (RTSP)",
                    first=row["first"], rows=row["rows"],
                )  # fmt: skip
            else:
                yield self.proper(row["device"], row["step"], "asks for a sign-in before it shows its video")
