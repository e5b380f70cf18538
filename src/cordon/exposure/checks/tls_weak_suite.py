"""The check of weak suites of TLS."""

import re
from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

WEAK: Final = re.compile(r"RC4|RC2|_DES_|_DES40_|3DES|NULL|EXPORT|_anon_|IDEA|_MD5$")


class TlsWeakSuite(Check):
    """Its TLS settles on a cipher that is broken or was never meant to be strong.

    Why it matters: RC4, DES, export and null ciphers give way to known attacks, some within hours (RFC 7465, RFC
    9325).
    False alarms: None: the suite was chosen before eyes.
    How to repair: Update the firmware, then allow only suites with AES-GCM or ChaCha20.
    How we will know: The same service settles on another suite, and a day passes without the weak one.
    """

    id = "tls-weak-suite"
    action = "Forbid weak encryption"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 20
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.3",
    )
    reads = ("tls",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for one in parties(seen):
            suite = one.row["cipher"]
            if WEAK.search(suite):
                yield self.shown(
                    one.device, one.step, f"{one.does} a weak cipher ({suite}, {one.where})", about=one.where,
                    first=one.row["time"], reach=one.reach, measured=(("suite", suite),), peers=one.peers,
                    rows=one.rows,
                )  # fmt: skip
            elif suite and one.is_one:
                yield self.proper(one.device, one.step, "settles on a strong cipher", about=one.where)
