"""The check of devices without a source of the time."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Setting


class NoTime(Check):
    """It never asks anybody for the time, which devices of its kind should.

    Why it matters: With a wrong clock its records prove nothing, and certificates that ran out look good to it.
    False alarms: A device that takes the time from its maker's service, within what is enciphered.
    How to repair: Enter the clock of your network (NTP) in its settings; often it is the router.
    How we will know: It is seen asking for the time.
    """

    id = "no-time"
    action = "Give it a clock to ask"
    family = "placement"
    severity = Severity.LOW
    weight = 2
    effort = 10
    requirements = (
        "IEC 62443-4-2 CR 2.11",
        "NIST IR 8259A cybersecurity state awareness",
    )
    reads = ("talks",)
    settles = 0
    forgotten = 30 * DAY
    hours = Setting(72, at_least=1, at_most=8760, says="hours in which it was active without")

    def look(self, seen: Sight) -> Iterator[Sign]:
        for step, device, timeless, _ in seen.judged:
            expected = seen.expected(device, step)
            if expected is None or not expected.time:
                continue
            if not timeless:
                yield self.proper(device, step, "asks for the time")
            elif timeless >= self["hours"] and not seen.exempts(device, "time", step):
                where = (("device", device),)
                yield self.shown(
                    device, step, "asks nobody for the time", reach=Reach.PATH, measured=(("hours", timeless),),
                    rows=Rows("talks", step, step + STEP, where),
                )  # fmt: skip
