"""The check of short keys of certificates."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

KINDS: Final = frozenset({"rsa", "dsa", "ec"})
LEAST: Final = 2048  # bits of RSA and DSA; NIST SP 800-57 part 1
LEAST_EC: Final = 224
BROKEN: Final = ("md5", "sha1", "md2")


class WeakKey(Check):
    """Its certificate has a short key, or is signed with a broken hash (MD5, SHA-1).

    Why it matters: Such a certificate can be forged, and then anybody can pose as the device.
    False alarms: None: the certificate was seen.
    How to repair: Let the device make a new certificate with an RSA key of 2048 bits or more, or an elliptic one;
    update it where it cannot.
    How we will know: The same service shows a certificate with a good key.
    """

    id = "weak-key"
    action = "Give it a stronger key"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 15
    effort = 30
    requirements = (
        "IEC 62443-4-2 CR 4.3",
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
    )
    reads = ("tls",)
    settles = 0

    def look(self, seen: Sight) -> Iterator[Sign]:
        for one in parties(seen, outward=False):
            kind, bits, signature = one.row["key_type"], one.row["key_bits"], one.row["signature"]
            if not kind:
                continue
            short = 0 < bits < (LEAST_EC if kind.startswith("ec") else LEAST)
            broken = signature.startswith(BROKEN)
            if (short and kind in KINDS) or broken:
                what = f"a {kind.upper()} key of {bits} bits" if short else f"a certificate signed with {signature}"
                yield self.shown(
                    one.device, one.step, f"shows {what} ({one.where})", about=one.where, first=one.row["time"],
                    reach=one.reach, measured=(("key", f"{kind} {bits}"), ("signature", signature)), peers=one.peers,
                    rows=one.rows,
                )  # fmt: skip
            else:
                yield self.proper(one.device, one.step, "shows a certificate with a good key", about=one.where)
