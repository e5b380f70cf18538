"""The check of one certificate on many devices."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.parts import Setting


class SharedCertificate(Check):
    """Several devices show certificates with the very same key, of which each should have its own.

    Why it matters: Who takes the key out of one of them, or out of the firmware they share, can pose as all and
    read along.
    False alarms: Machines of one cluster or behind one name may share a certificate on purpose.
    How to repair: Let each device make a certificate of its own; where it cannot, put it behind something that
    can.
    How we will know: It shows a certificate with a key that none of the others has.
    """

    id = "shared-certificate"
    action = "Give each device a key of its own"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 25
    effort = 20
    requirements = (
        "ETSI EN 303 645 5.4-4",
        "ETSI EN 303 645 5.1-2",
        "IEC 62443-4-2 CR 1.9",
        "NIST IR 8259A data protection",
    )
    reads = ("tls",)
    settles = 0
    devices = Setting(2, at_least=2, at_most=1000, says="devices with the same certificate")

    def look(self, seen: Sight) -> Iterator[Sign]:
        keys = {
            (row["device"], row["step"], port): key
            for row in seen.sightings("tls.key")
            for port, _, key in (row["value"].partition(" "),)
        }
        for one in sorted(parties(seen, outward=False), key=lambda one: (one.step, one.row["time"], one.device)):
            if not one.row["certificate"]:
                continue
            # The same key may stand in several certificates. Where it is not told apart, the certificate is.
            mark = keys.get((one.device, one.step, str(one.row["port"])), one.row["certificate"])
            held = seen.shared.holders(self.id, one.device, one.where, mark)
            devices = tuple(dict.fromkeys(device for device, _ in held))
            if len(devices) < self["devices"]:
                yield self.proper(one.device, one.step, "shows a key of its own", about=one.where)
                continue
            others = f"{len(devices) - 1} other{'s' if len(devices) > 2 else ''}"
            for device, where in held:
                yield self.shown(
                    device, one.step, f"has the same key as {others} ({where})", about=where,
                    first=one.row["time"], peers=devices, rows=one.rows,
                )  # fmt: skip
