"""The check of keys of SSH that several devices have."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.parts import Setting


class SshSharedKey(Check):
    """Several devices are known by the very same key of SSH, which each should have made for itself.

    Why it matters: Who takes the key out of one of them, or out of the firmware they share, can pose as all of them.
    False alarms: One machine with two network cards that are not yet known to be one.
    How to repair: Let each device make keys of its own: delete them and restart SSH, or reset it to its factory state.
    How we will know: It shows a key that none of the others has.
    """

    id = "ssh-shared-key"
    action = "Give each device an SSH key of its own"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 20
    effort = 15
    requirements = ("ETSI EN 303 645 5.4-4", "NIST IR 8259A data protection", "IEC 62443-4-2 CR 1.5")
    reads = ("sightings",)
    settles = 0
    devices = Setting(2, at_least=2, at_most=1000, says="devices with the same key")

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("ssh.hostkey"):
            kind, _, rest = row["value"].partition(" ")
            held = seen.shared.holders(self.id, row["device"], kind, rest.rpartition(" ")[2])
            devices = tuple(dict.fromkeys(device for device, _ in held))
            if len(devices) < self["devices"]:
                yield self.proper(row["device"], row["step"], "shows a key of its own", about=kind)
                continue
            others = f"{len(devices) - 1} other{'s' if len(devices) > 2 else ''}"
            for device in devices:
                yield self.shown(
                    device, row["step"], f"has the same key of SSH as {others} ({kind})", about=kind,
                    first=row["first"], measured=(("key", row["value"][:100]),), peers=devices, rows=row["rows"],
                )  # fmt: skip
