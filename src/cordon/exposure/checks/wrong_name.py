"""The check of certificates that are for somebody else."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.ciphers import parties
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity

MOST_NAME: Final = 100


class WrongName(Check):
    """The certificate it shows is for another name than the one it was asked by.

    Why it matters: Whoever connects gets used to warnings, and does not notice when somebody else answers.
    False alarms: A name from a list of hosts of one's own, which no certificate can know.
    How to repair: Give it a certificate that names the host as it is called, or call it as the certificate does.
    How we will know: It shows a certificate for the name it is asked by.
    """

    id = "wrong-name"
    action = "Give it a certificate for its own name"
    family = "encryption"
    severity = Severity.LOW
    weight = 5
    effort = 30
    requirements = ("IEC 62443-4-2 CR 1.8", "IEC 62443-4-2 CR 1.9", "ETSI EN 303 645 5.5-1")
    reads = ("tls",)
    settles = 0

    def look(self, seen: Sight) -> Iterator[Sign]:
        others = {
            (row["device"], row["step"], port): names.split(",")
            for row in seen.sightings("tls.names")
            for port, _, names in (row["value"].partition(" "),)
        }
        for one in parties(seen, outward=False):
            asked, subject = one.row["sni"].lower().strip("."), one.row["subject"]
            if not asked or not subject:
                continue
            # RFC 9525: where there are other names, the subject does not count.
            names = [name for name in others.get((one.device, one.step, str(one.row["port"])), ()) if name]
            names = names or [part[3:].lower() for part in subject.split(",") if part.startswith("CN=")]
            if not names:
                continue
            if any(fits(asked, name) for name in names):
                yield self.proper(one.device, one.step, "shows a certificate for its name", about=one.where)
            else:
                says = f"is called {asked[:MOST_NAME]} and shows a certificate for {names[0][:MOST_NAME]} ({one.where})"
                yield self.shown(
                    one.device, one.step, says, about=one.where, first=one.row["time"], reach=one.reach,
                    measured=(("asked", asked[:MOST_NAME]), ("names", ", ".join(names)[:200])), peers=one.peers,
                    rows=one.rows,
                )  # fmt: skip


def fits(asked: str, name: str) -> bool:
    """Whether a name of a certificate is that of a host; a star stands for its first part (RFC 9525 section 6.3)."""
    name = name.lower().strip(".")
    return asked == name or (name.startswith("*.") and asked.partition(".")[2] == name[2:])
