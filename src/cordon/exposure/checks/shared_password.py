"""The check of one password on many devices."""

from collections.abc import Iterator
from dataclasses import replace

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.exposure.signing import signed_in
from cordon.model.finding import Severity
from cordon.model.tables import DAY, HOUR
from cordon.parts import Setting


class SharedPassword(Check):
    """Several devices let the same user in with the same password.

    Why it matters: Who learns it at one device, the weakest of them, has all of them.
    False alarms: A central directory that knows one password for many devices: then it is meant so.
    How to repair: Set a password of its own on each device; a password manager remembers them.
    How we will know: Each is signed in to with a password that none of the others has.
    """

    id = "shared-password"
    action = "Give each device a password of its own"
    family = "credentials"
    severity = Severity.MEDIUM
    weight = 25
    effort = 15
    requirements = (
        "ETSI EN 303 645 5.1-1",
        "ETSI EN 303 645 5.1-2",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 1.5",
    )
    reads = ("logins",)
    settles = HOUR
    forgotten = 30 * DAY
    devices = Setting(2, at_least=2, at_most=1000, says="devices with the same password")

    def look(self, seen: Sight) -> Iterator[Sign]:
        let_in = [row for row in seen.logins if row["outcome"] == "success" and row["server_device"] and row["secret"]]
        for row in let_in:
            about = f"{row['service']}:{row['port']}:{row['user']}"
            held = seen.shared.holders(self.id, row["server_device"], about, row["secret"])
            devices = sorted({device for device, _ in held})
            if len(devices) < self["devices"]:
                yield signed_in(self, row, "has a password of its own", proper=True)
                continue
            others = f"{len(devices) - 1} other{'s' if len(devices) > 2 else ''}"
            says = f"has the same password as {others} (user {row['user'] or '(none)'})"
            yield replace(
                signed_in(self, row, says), peers=tuple(one for one in devices if one != row["server_device"])
            )
            for device, what in held:
                if device != row["server_device"]:
                    yield self.shown(
                        device, row["step"], says, about=what, first=row["time"], peers=tuple(devices),
                        rows=signed_in(self, row, says).rows,
                    )  # fmt: skip
