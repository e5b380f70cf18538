"""The check of certificates out of date."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.tables import SECOND

FAR: Final = 250_000_000_000 * SECOND  # later than what a calendar of four digits can hold is shown as that


class ExpiredCertificate(Check):
    """It shows a certificate that has expired, or is not valid yet.

    Why it matters: People learn to press on past warnings, and then also past that of an attacker.
    False alarms: A device whose clock is wrong makes certificates that are; set its time.
    How to repair: Renew the certificate, and let it renew itself where the device can (ACME).
    How we will know: The same service shows a certificate that is valid.
    """

    id = "expired-certificate"
    action = "Renew its certificate"
    family = "encryption"
    severity = Severity.LOW
    weight = 10
    effort = 20
    requirements = (
        "IEC 62443-4-2 CR 1.8",
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
    )
    reads = ("tls",)
    settles = 0

    def look(self, seen: Sight) -> Iterator[Sign]:
        for one in parties(seen, outward=False):
            begin, end, time = one.row["not_before"], one.row["not_after"], one.row["time"]
            if not end:
                continue
            if end < time or begin > time:
                day = datetime.fromtimestamp(max(0, min(end if end < time else begin, FAR)) // SECOND, UTC).date()
                says = f"expired on {day}" if end < time else f"is not valid before {day}"
                yield self.shown(
                    one.device, one.step, f"shows a certificate that {says} ({one.where})", about=one.where,
                    first=time, reach=one.reach, measured=(("day", str(day)),), peers=one.peers, rows=one.rows,
                )  # fmt: skip
            else:
                yield self.proper(one.device, one.step, "shows a certificate that is valid", about=one.where)
