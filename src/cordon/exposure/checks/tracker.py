"""The check of trackers."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import PERSONAL
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.exposure.trackers import tracker_of
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class Tracker(Check):
    """It reports to a company that measures or advertises, which it does not need for what it does.

    Why it matters: What happens in the room becomes somebody's profile: what is watched, when, and by whom.
    False alarms: A service that measures its own crashes is on the list too; it is told what each does.
    How to repair: Withdraw the consent in its settings for privacy or advertising; block the name on the router if
    it goes on.
    How we will know: It does not reach that name for 14 days. Where people's own telephones and computers go is
    not looked at.
    """

    id = "tracker"
    action = "Stop it from reporting to trackers"
    family = "privacy"
    severity = Severity.LOW
    weight = 5
    effort = 10
    requirements = (
        "ETSI EN 303 645 6.1-4",
        "ETSI EN 303 645 5.8-1",
        "NIST IR 8259A data protection",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.named:
            found = tracker_of(row["name"])
            if found is not None and seen.kind(row["device"], row["step"]) not in PERSONAL:
                yield self.shown(
                    row["device"], row["step"], f"reports to {found.owner} ({found.what}, {found.domain})",
                    about=found.domain, first=row["first"], reach=Reach.PATH,
                    measured=(("name", row["name"][:100]),), rows=talks_of(row),
                )  # fmt: skip
