"""The check of devices whose log goes nowhere."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Setting


class NoLog(Check):
    """It sends its log nowhere, which devices of its kind should.

    Why it matters: After an intrusion the device's own memory of it is the first thing that is wiped.
    False alarms: A log that is fetched instead of sent, or sent to a cloud within what is enciphered.
    How to repair: Enter a collector of logs (syslog, best over TLS) in its settings.
    How we will know: It is seen sending its log.
    """

    id = "no-log"
    action = "Let it send its log somewhere"
    family = "placement"
    severity = Severity.INFO
    weight = 1
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.10-1",
        "NIST IR 8259A cybersecurity state awareness",
        "IEC 62443-4-2 CR 2.8",
        "IEC 62443-4-2 CR 6.1",
    )
    reads = ("talks",)
    settles = 0
    forgotten = 30 * DAY
    hours = Setting(72, at_least=1, at_most=8760, says="hours in which it was active without")

    def look(self, seen: Sight) -> Iterator[Sign]:
        for step, device, _, silent in seen.judged:
            expected = seen.expected(device, step)
            if expected is None or not expected.logging:
                continue
            if not silent:
                yield self.proper(device, step, "sends its log")
            elif silent >= self["hours"] and not seen.exempts(device, "logging", step):
                where = (("device", device),)
                yield self.shown(
                    device, step, "sends its log nowhere", reach=Reach.PATH, measured=(("hours", silent),),
                    rows=Rows("talks", step, step + STEP, where),
                )  # fmt: skip
