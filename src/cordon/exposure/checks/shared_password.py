"""The check of one password on many devices."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

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
        such = (pl.col("outcome") == "success") & (pl.col("server_device") != "") & (pl.col("secret") != "")
        for row in seen.logins.filter(such).sort("step", "time", "server_device").iter_rows(named=True):
            about = f"{row['service']}:{row['port']}:{row['user']}"
            held = seen.shared.holders(self.id, row["server_device"], about, row["secret"])
            many = len({device for device, _ in held})
            if many < self["devices"]:
                yield signed_in(self, row, "has a password of its own", proper=True)
                continue
            says = (
                f"has the same password as {many - 1} other{'s' if many > 2 else ''} (user {row['user'] or '(none)'})"
            )
            peers = tuple(device for device, _ in held)
            yield replace(signed_in(self, row, says), peers=tuple(sorted({*peers} - {row["server_device"]})))
            for device, what in held:
                if device != row["server_device"]:
                    yield self.shown(device, row["step"], says, about=what, first=row["time"], peers=peers)
