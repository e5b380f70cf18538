"""The check of servers and clients of TLS that let themselves be talked down."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.checks.tls_old_version import OLD
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

GOOD: Final = "TLS1.2"  # versions sort as text: SSL2, SSL3, TLS1.0 … TLS1.3


class TlsDowngrade(Check):
    """It settles on an old version of TLS although it was seen to do better.

    Why it matters: Who sits on the way can talk both sides down to the old version, and use what is broken in it.
    False alarms: An old client asks for an old version; that it gets it is what should end.
    How to repair: Forbid everything below TLS 1.2 in its settings, now that nothing needs it to be reached.
    How we will know: For a day it settles on nothing below TLS 1.2.
    """

    id = "tls-downgrade"
    action = "Forbid old versions of TLS"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 10
    effort = 15
    requirements = ("ETSI EN 303 645 5.5-1", "NIST IR 8259A data protection", "IEC 62443-4-2 CR 4.3")
    reads = ("tls",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for one in sorted(parties(seen), key=lambda one: (one.step, one.row["time"], one.device)):
            version = one.row["version"]
            if not one.is_one:
                continue
            if version not in OLD:
                if version.startswith("TLS"):
                    seen.shared.best(self.id, one.device, one.where, version)
                    yield self.proper(one.device, one.step, f"{one.does} {version}", about=one.where)
                continue
            best = seen.shared.best(self.id, one.device, one.where, version)
            if best >= GOOD:
                yield self.shown(
                    one.device, one.step, f"{one.does} {version} although it can do {best} ({one.where})",
                    about=one.where, first=one.row["time"], reach=one.reach,
                    measured=(("version", version), ("best", best)), peers=one.peers, rows=one.rows,
                )  # fmt: skip
