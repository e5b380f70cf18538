"""The check of what its maker no longer repairs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cordon.exposure.check import Check, Sign
from cordon.exposure.endings import FIELDS, ending_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.tables import DAY, SECOND


class EndOfSupport(Check):
    """It runs something that its maker no longer repairs.

    Why it matters: Holes that are found from now on stay open for as long as it runs.
    False alarms: A maker of the device may repair the old software by itself; support that was bought for longer.
    How to repair: Update it where there is a newer version for it; else replace it, and keep it off the Internet and in
    a network of its own until then.
    How we will know: It does not present itself so for 30 days.
    """

    id = "end-of-support"
    action = "Replace what is out of support"
    family = "updates"
    severity = Severity.MEDIUM
    weight = 20
    effort = 120
    requirements = ("ETSI EN 303 645 5.3-13", "NIST IR 8259A software update", "IEC 62443-4-2 EDR 3.10")
    reads = ("sightings",)
    forgotten = 30 * DAY

    def look(self, seen: Sight) -> Iterator[Sign]:
        for field in FIELDS:
            for row in seen.sightings(field):
                ending = ending_of(field, row["value"])
                if ending is None:
                    continue
                day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=row["step"] // SECOND)
                if day.date() > ending.ended:
                    yield self.shown(
                        row["device"], row["step"],
                        f"runs {ending.product}, out of support since {ending.ended.isoformat()} at the latest",
                        about=ending.product, first=row["first"],
                        measured=((field, row["value"][:100]), ("source", ending.source)), rows=row["rows"],
                    )  # fmt: skip
