"""The check of updates in the clear."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.leaving import enciphered, in_clear, in_clear_before
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class ClearUpdate(Check):
    """It asks for its firmware in clear (HTTP).

    Why it matters: Somebody on the way can hand it another firmware; where it does not check signatures, that is
    the end of it.
    False alarms: Firmware that is signed may be fetched in clear; whether it is, only its maker knows.
    How to repair: Ask the maker whether updates are signed; fetch them by hand over HTTPS until they are fetched
    so.
    How we will know: It asks the same name over TLS a day after it last did so in clear, or not at all for 14
    days.
    """

    id = "clear-update"
    action = "Make its updates safe"
    family = "updates"
    severity = Severity.MEDIUM
    weight = 30
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.3-7",
        "ETSI EN 303 645 5.3-9",
        "NIST IR 8259A software update",
        "IEC 62443-4-2 EDR 3.10",
    )
    reads = ("http", "talks")

    def look(self, seen: Sight) -> Iterator[Sign]:
        hosts = in_clear_before(seen, self.id)
        for row in in_clear(seen, updates=True):
            hosts[row["device"]].add(row["host"])
            yield self.shown(
                row["device"], row["step"], f"asks for its firmware in clear at {row['host']}", about=row["host"],
                first=row["first"], reach=Reach.PATH, measured=(("path", row["path"][:200]),), rows=row["rows"],
            )  # fmt: skip
        for row in enciphered(seen, hosts):
            yield self.proper(row["device"], row["step"], "asks for updates over TLS instead", about=row["host"])
