"""The check of old algorithms of SSH."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

LISTS: Final = ("key exchange", "host key", "cipher", "MAC")
"""What the lists of `ssh.offers` are of, in their order."""
LEAST: Final = 2048  # bits of RSA and DSA; NIST SP 800-57 part 1
WEAK: Final = (
    frozenset({"diffie-hellman-group1-sha1", "diffie-hellman-group-exchange-sha1", "rsa1024-sha1"}),
    frozenset({"ssh-dss"}),
    frozenset({"3des-cbc", "arcfour", "arcfour128", "arcfour256", "blowfish-cbc", "cast128-cbc", "des-cbc", "none"}),
    frozenset({"hmac-md5", "hmac-md5-96", "hmac-sha1-96", "none"}),
)
"""What should not be offered any more: RFC 9142 table 12, RFC 8758 (RC4), RFC 8270; ciphers of 64-bit blocks
(SWEET32, CVE-2016-2183); DSA of 1024 bits; MD5."""


class SshWeak(Check):
    """Its SSH offers algorithms that are broken, or shows a key that is too short.

    Why it matters: Who sits on the way can talk both sides down to the weakest that both still know, and read along.
    False alarms: What is offered need not be used; the weak ones are often the last of a long list.
    How to repair: Update it, then leave out SHA-1 key exchange of group 1, DSA keys, 3DES, RC4, CBC of old ciphers and
    MD5 in the settings of its SSH server.
    How we will know: It offers none of them, and a day passes without the old offer.
    """

    id = "ssh-weak"
    action = "Forbid the old algorithms of SSH"
    family = "encryption"
    severity = Severity.LOW
    weight = 10
    effort = 20
    requirements = ("ETSI EN 303 645 5.5-1", "NIST IR 8259A data protection", "IEC 62443-4-2 CR 4.3")
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("ssh.offers"):
            role, _, text = row["value"].partition(":")
            if role != "server":
                continue
            found = [
                (what, sorted(set(offered.split(",")) & weak))
                for what, offered, weak in zip(LISTS, text.split(";"), WEAK, strict=False)
            ]
            if not any(names for _, names in found):
                yield self.proper(row["device"], row["step"], "offers none of the old algorithms of SSH")
                continue
            named = ", ".join(names[0] for _, names in found if names)
            yield self.shown(
                row["device"], row["step"], f"offers old algorithms of SSH ({named})", first=row["first"],
                measured=tuple((what, ", ".join(names)) for what, names in found if names), rows=row["rows"],
            )  # fmt: skip
        for row in seen.sightings("ssh.hostkey"):
            kind, _, rest = row["value"].partition(" ")
            bits = rest.partition(" ")[0]
            if bits.isdigit() and 0 < int(bits) < LEAST:
                yield self.shown(
                    row["device"], row["step"], f"shows a key of SSH of only {bits} bits ({kind})", about="key",
                    first=row["first"], measured=(("key", f"{kind} {bits}"),), rows=row["rows"],
                )  # fmt: skip
            else:
                yield self.proper(row["device"], row["step"], "shows a good key of SSH", about="key")
