"""The check of devices without a source of the time."""

from cordon.exposure.absent import Absent
from cordon.exposure.habits import Judged
from cordon.model.finding import Severity


class NoTime(Absent):
    """It never asks anybody for the time, which devices of its kind should.

    Why it matters: With a wrong clock its records prove nothing, and certificates that ran out look good to it.
    False alarms: A device that takes the time from its maker's service, within what is enciphered.
    How to repair: Enter the clock of your network (NTP) in its settings; often it is the router.
    How we will know: It is seen asking for the time.
    """

    id = "no-time"
    action = "Give it a clock to ask"
    severity = Severity.LOW
    weight = 2
    effort = 10
    requirements = (
        "IEC 62443-4-2 CR 2.11",
        "NIST IR 8259A cybersecurity state awareness",
    )

    wanted, does, lacks = "time", "asks for the time", "asks nobody for the time"

    def without(self, judged: Judged) -> int:
        return judged[2]
