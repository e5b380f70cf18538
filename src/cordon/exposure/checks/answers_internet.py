"""The check of devices that answer to the Internet."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import SERVING
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity
from cordon.model.tables import DAY


class AnswersInternet(Check):
    """Anybody on the Internet can connect to it, and it answers.

    Why it matters: What can be reached from everywhere is found within hours and tried without end.
    False alarms: A port opened on purpose for remote access; a VPN is the safer way.
    How to repair: Close the port on the router, switch UPnP off there, and use a VPN for access from afar.
    How we will know: Nobody from the Internet is answered for 7 days.
    """

    id = "answers-internet"
    action = "Close it to the Internet"
    family = "placement"
    severity = Severity.HIGH
    weight = 60
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.5-4",
        "ETSI EN 303 645 5.6-1",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 NDR 1.13",
        "IEC 62443-3-3 SR 5.2",
    )
    reads = ("talks",)
    forgotten = 7 * DAY

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.visited:
            if seen.kind(row["device"], row["step"]) not in SERVING:
                yield self.shown(
                    row["device"], row["step"], f"answers to the Internet on port {row['port']}",
                    about=str(row["port"]), first=row["first"], reach=Reach.INTERNET,
                    measured=(("port", row["port"]), ("visitor", row["peer"])), rows=talks_of(row),
                )  # fmt: skip
