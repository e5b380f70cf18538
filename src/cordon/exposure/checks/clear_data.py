"""The check of data that leave in the clear."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.leaving import enciphered, in_clear, in_clear_before
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class ClearData(Check):
    """It sends data to a service on the Internet in clear (HTTP).

    Why it matters: Every network on the way can read what it tells, and answer in the service's place.
    False alarms: A look whether the Internet is there, which tells nothing, is left out; other harmless questions
    are not.
    How to repair: Update the firmware; where it goes on, ask the maker, or block that name on the router and see
    what is missing.
    How we will know: It talks to the same name over TLS a day after it last did so in clear, or not at all for 14
    days.
    """

    id = "clear-data"
    action = "Stop what leaves it in clear"
    family = "privacy"
    severity = Severity.LOW
    weight = 10
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.8-1",
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.1",
    )
    reads = ("http", "talks")

    def look(self, seen: Sight) -> Iterator[Sign]:
        hosts = in_clear_before(seen, self.id)
        for row in in_clear(seen, updates=False):
            hosts[row["device"]].add(row["host"])
            yield self.shown(
                row["device"], row["step"], f"sends data in clear to {row['host']}", about=row["host"],
                first=row["first"], reach=Reach.PATH, measured=(("to", row["host"]),), rows=row["rows"],
            )  # fmt: skip
        for row in enciphered(seen, hosts):
            yield self.proper(row["device"], row["step"], "talks to it over TLS instead", about=row["host"])
