"""The check of passwords that a maker gave to all its devices."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.exposure.signing import signed_in
from cordon.model.finding import Severity
from cordon.model.tables import DAY, HOUR


class DefaultPassword(Check):
    """Somebody signs in to it with a password that its maker gave to all of them.

    Why it matters: Anybody can look this password up and take the device over; worms try it within minutes.
    False alarms: None: the device was seen to let somebody in with it.
    How to repair: Sign in to the device and set a long password that nothing else has.
    How we will know: The same user signs in with another password, and the old one is not seen for an hour.
    """

    id = "default-password"
    action = "Change the default password"
    family = "credentials"
    severity = Severity.HIGH
    weight = 60
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.1-1",
        "ETSI EN 303 645 5.1-4",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 1.5",
    )
    reads = ("logins",)
    settles = HOUR
    forgotten = 30 * DAY

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.logins:
            if row["outcome"] != "success" or not row["server_device"]:
                continue
            if row["default"]:
                says = f"lets people in with a well-known default password (user {row['default']}, {row['service']})"
                yield signed_in(self, row, says)
            elif row["secret"]:
                yield signed_in(self, row, "was signed in to with another password", proper=True)
