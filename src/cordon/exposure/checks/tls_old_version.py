"""The check of old versions of TLS."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

OLD: Final = frozenset({"SSL2", "SSL3", "TLS1.0", "TLS1.1", "DTLS1.0"})


class TlsOldVersion(Check):
    """It uses a version of TLS or SSL that is no longer held to be secure (below TLS 1.2, RFC 8996).

    Why it matters: Known attacks read or change what these versions protect.
    False alarms: None: the version was chosen before eyes. Old clients may be why a server still offers it.
    How to repair: Update the firmware, then forbid everything below TLS 1.2 in its settings.
    How we will know: The same service chooses TLS 1.2 or later, and a day passes without an older one.
    """

    id = "tls-old-version"
    action = "Update its encryption (TLS)"
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
            if (version := one.row["version"]) in OLD:
                yield self.shown(
                    one.device, one.step, f"{one.does} {version}, which is out of date ({one.where})", about=one.where,
                    first=one.row["time"], reach=one.reach, measured=(("version", version),), peers=one.peers,
                    rows=one.rows,
                )  # fmt: skip
            elif version and one.is_one:
                yield self.proper(one.device, one.step, f"{one.does} {version}", about=one.where)
