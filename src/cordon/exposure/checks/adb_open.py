"""The check of the debugging port of Android."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class AdbOpen(InClear):
    """Its debugging port (ADB, 5555) is open and answers.

    Why it matters: Whoever reaches this port has the whole device, often without any question; worms look for it.
    False alarms: A developer at work; then it should be closed again in the evening.
    How to repair: Switch off network debugging in the developer options of the device.
    How we will know: Nobody is answered on that port for 14 days.
    """

    id = "adb-open"
    action = "Close the debugging port"
    family = "services"
    severity = Severity.HIGH
    weight = 60
    effort = 5
    requirements = (
        "ETSI EN 303 645 5.6-1",
        "ETSI EN 303 645 5.5-4",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 7.7",
    )
    services = ("adb",)
    ports = (5555,)
    does = "lets people debug it over the network (ADB, port {port})"
