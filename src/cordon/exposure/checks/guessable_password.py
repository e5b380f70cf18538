"""The check of passwords that anybody would guess."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.exposure.signing import signed_in
from cordon.model.finding import Severity
from cordon.model.tables import DAY, HOUR


class GuessablePassword(Check):
    """Somebody signs in to it with an empty password, the user's own name, or one of the most frequent.

    Why it matters: Such a password falls at the first attempts; it is as good as none.
    False alarms: None: the device was seen to let somebody in with it.
    How to repair: Set a long password that nothing else has, and keep it in a password manager.
    How we will know: The same user signs in with another password, and the old one is not seen for an hour.
    """

    id = "guessable-password"
    action = "Set a password that nobody guesses"
    family = "credentials"
    severity = Severity.HIGH
    weight = 50
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.1-1",
        "ETSI EN 303 645 5.1-4",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 1.7",
    )
    reads = ("logins",)
    settles = HOUR
    forgotten = 30 * DAY

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.logins:
            if row["outcome"] != "success" or not row["server_device"] or not row["secret"] or row["default"]:
                continue
            why = seen.knowledge.guessable(row["user"], row["secret"])
            if not why:
                yield signed_in(self, row, "was signed in to with a better password", proper=True)
                continue
            user = row["user"] or "(none)"
            yield signed_in(self, row, f"lets user {user} in with a password that is {why} ({row['service']})")
