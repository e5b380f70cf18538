"""The check of devices whose log goes nowhere."""

from cordon.exposure.absent import Absent
from cordon.exposure.habits import Judged
from cordon.model.finding import Severity


class NoLog(Absent):
    """It sends its log nowhere, which devices of its kind should.

    Why it matters: After an intrusion the device's own memory of it is the first thing that is wiped.
    False alarms: A log that is fetched instead of sent, or sent to a cloud within what is enciphered.
    How to repair: Enter a collector of logs (syslog, best over TLS) in its settings.
    How we will know: It is seen sending its log.
    """

    id = "no-log"
    action = "Let it send its log somewhere"
    severity = Severity.INFO
    weight = 1
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.10-1",
        "NIST IR 8259A cybersecurity state awareness",
        "IEC 62443-4-2 CR 2.8",
        "IEC 62443-4-2 CR 6.1",
    )

    wanted, does, lacks = "logging", "sends its log", "sends its log nowhere"

    def without(self, judged: Judged) -> int:
        return judged[3]
