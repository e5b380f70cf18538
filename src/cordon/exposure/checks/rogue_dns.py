"""The check of devices that resolve names although the network has others for that."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import NETWORK, SERVING
from cordon.exposure.served import reach_of, talks_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class RogueDns(Check):
    """It resolves names for others, although the network hands out another resolver.

    Why it matters: Who answers for names decides where all others go, and may send them to a copy of any page.
    False alarms: A blocker of advertising that somebody set up for a few devices only.
    How to repair: Find out why it answers for names; switch that off, or hand it out as the resolver of the network.
    How we will know: It answers nobody who asks for a name for 14 days, or the network hands it out.
    """

    id = "rogue-dns"
    action = "End a second resolver of names"
    family = "placement"
    severity = Severity.MEDIUM
    weight = 20
    effort = 20
    requirements = ("ETSI EN 303 645 5.6-5", "NIST IR 8259A device configuration", "IEC 62443-3-3 SR 5.2")
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        given = seen.state.given
        since = min(given.values(), default=None)
        concerned = seen.stands(self.id)
        for row in seen.served(("dns",)) if since is not None else ():
            kind, step = seen.kind(row["device"], row["step"]), row["step"]
            if since is None or since > step or kind in NETWORK or (kind and kind in SERVING):
                continue
            if given.get(row["own"], step + 1) > step:
                concerned.add(row["device"])
                yield self.shown(
                    row["device"], step, f"resolves names for {row['peer']}, and is not the network's resolver",
                    first=row["first"], reach=reach_of(row), measured=(("address", row["own"]),),
                    peers=(row["peer_device"],), rows=talks_of(row),
                )  # fmt: skip
        for row in seen.served(("dns",), of=concerned):
            if given.get(row["own"], row["step"] + 1) <= row["step"]:
                yield self.proper(row["device"], row["step"], "is the resolver that the network hands out")
