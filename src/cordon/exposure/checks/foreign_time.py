"""The check of time from elsewhere."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import NETWORK, PERSONAL
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class ForeignTime(Check):
    """It takes the time from a server on the Internet although the network has a clock of its own.

    Why it matters: Time from outside comes unsigned; who changes it makes certificates and records wrong.
    False alarms: Usual, and harmless where little depends on the time.
    How to repair: Set its time server to that of the network, or hand it out by DHCP (option 42).
    How we will know: It asks the clock of the network, and a day passes without the other.
    """

    id = "foreign-time"
    action = "Let it take the time from your own clock"
    family = "placement"
    severity = Severity.INFO
    weight = 1
    effort = 10
    requirements = (
        "IEC 62443-4-2 CR 2.11",
        "NIST IR 8259A device configuration",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        since, concerned = min(seen.state.clocks.values(), default=None), seen.stands(self.id)
        for row in seen.opened(("ntp",)) if since is not None else ():
            kind = seen.kind(row["device"], row["step"])
            if kind in PERSONAL or kind in NETWORK or since is None or since > row["step"]:
                continue
            if row["outside"]:
                concerned.add(row["device"])
                yield self.shown(
                    row["device"], row["step"], "takes the time from the Internet", first=row["first"],
                    reach=Reach.PATH, measured=(("server", row["peer"]),), rows=talks_of(row),
                )  # fmt: skip
        for row in seen.opened(("ntp",), of=concerned):
            if not row["outside"]:
                yield self.proper(row["device"], row["step"], "asks the clock of the network")
