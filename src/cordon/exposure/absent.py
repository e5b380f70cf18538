"""What the checks have in common of what devices ought to do and never do."""

from collections.abc import Iterator
from typing import ClassVar

from cordon.exposure.check import Check, Sign
from cordon.exposure.habits import Judged
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Rows
from cordon.model.tables import DAY, STEP
from cordon.parts import Setting


class Absent(Check):
    """A device of a kind that is expected to does not do it in all the hours in which it is active."""

    family = "placement"
    reads = ("talks",)
    settles = 0
    forgotten = 30 * DAY
    wanted: ClassVar[str]
    """What is expected: ``time`` or ``logging``, a field of `Expected` and the word of an exception."""
    does: ClassVar[str]
    """"asks for the time"."""
    lacks: ClassVar[str]
    """"asks nobody for the time"."""
    hours = Setting(72, at_least=1, at_most=8760, says="hours in which it was active without")

    def without(self, judged: Judged) -> int:
        """Hours in which it was active since it last did so."""
        raise NotImplementedError

    def look(self, seen: Sight) -> Iterator[Sign]:
        for judged in seen.judged:
            step, device, *_ = judged
            expected = seen.expected(device, step)
            if expected is None or not getattr(expected, self.wanted):
                continue
            hours = self.without(judged)
            if not hours:
                yield self.proper(device, step, self.does)
            elif hours >= self["hours"] and not seen.exempts(device, self.wanted, step):
                yield self.shown(
                    device, step, self.lacks, reach=Reach.PATH, measured=(("hours", hours),),
                    rows=Rows("talks", step, step + STEP, (("device", device),)),
                )  # fmt: skip
