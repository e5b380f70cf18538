"""The check of resolvers from elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import NETWORK, PERSONAL
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.exposure.talking import Row
from cordon.model.exposure import Reach
from cordon.model.finding import Severity

PORT: Final = 53


class ForeignDns(Check):
    """It asks a resolver of names elsewhere, in clear, although the network gives it one.

    Why it matters: Somebody learns all it does, and what you block by name or watch for on your resolver passes
    by.
    False alarms: A resolver that its owner chose; a network that hands out none is left out.
    How to repair: Set the resolver in its settings to automatic; or redirect port 53 on the router to your own.
    How we will know: It asks the resolver that the network gives it, and a day passes without the other.
    """

    id = "foreign-dns"
    action = "Let it ask your own resolver"
    family = "privacy"
    severity = Severity.LOW
    weight = 10
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.8-1",
        "NIST IR 8259A data protection",
        "IEC 62443-3-3 SR 5.2",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        given, concerned = seen.state.given, seen.stands(self.id)
        since = min(given.values(), default=None)
        for row in seen.opened(("dns",)) if given else ():
            kind = seen.kind(row["device"], row["step"])
            if kind in PERSONAL or kind in NETWORK or row["port"] != PORT or since is None or since > row["step"]:
                continue
            if not _is_given(row, given):
                concerned.add(row["device"])
                yield self.shown(
                    row["device"], row["step"], f"asks a resolver elsewhere for names ({row['peer']})",
                    first=row["first"], reach=Reach.PATH, measured=(("resolver", row["peer"]),), rows=talks_of(row),
                )  # fmt: skip
        for row in seen.opened(("dns",), of=concerned):
            if row["port"] == PORT and _is_given(row, given):
                yield self.proper(row["device"], row["step"], "asks the resolver that the network gives it")


def _is_given(row: Row, given: Mapping[str, int]) -> bool:
    """Whether a resolver is of the network, or one that it hands out."""
    return not row["outside"] or given.get(row["peer"], row["step"] + 1) <= row["step"]
