"""The check of certificates that vouch for themselves."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class SelfSigned(Check):
    """It shows a certificate that it signed itself.

    Why it matters: Nobody can tell the device from somebody who poses as it, and warnings are learned to be
    pressed away.
    False alarms: Usual for devices at home. Clients that remember this very certificate are safe even so; then
    accept it.
    How to repair: Give it a certificate of your own authority, or of a public one, where the device can take one.
    How we will know: The same service shows a certificate that somebody else signed.
    """

    id = "self-signed"
    action = "Give it a certificate that is vouched for"
    family = "encryption"
    severity = Severity.LOW
    weight = 5
    effort = 30
    requirements = (
        "IEC 62443-4-2 CR 1.9",
        "IEC 62443-4-2 CR 1.8",
        "ETSI EN 303 645 5.5-1",
    )
    reads = ("tls",)
    settles = 0

    def look(self, seen: Sight) -> Iterator[Sign]:
        for one in parties(seen, outward=False):
            if not one.row["certificate"]:
                continue
            if one.row["self_signed"]:
                yield self.shown(
                    one.device, one.step, f"vouches for itself: its certificate is self-signed ({one.where})",
                    about=one.where, first=one.row["time"], reach=one.reach,
                    measured=(("subject", one.row["subject"][:200]),), peers=one.peers, rows=one.rows,
                )  # fmt: skip
            else:
                yield self.proper(one.device, one.step, "shows a certificate that others vouch for", about=one.where)
