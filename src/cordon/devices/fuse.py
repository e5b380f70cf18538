"""How pieces of evidence become one value with a confidence.

Evidence of different groups of protocols counts as independent, evidence within a group as dependent: of each group
the strongest piece for a value counts, and the groups are joined by a noisy-or, ``1 - Π(1 - weight)``. Competing
values share belief by their odds, with one share for "none of these". All arithmetic is on integers, and does not
depend on the order of the evidence.
"""

from collections.abc import Iterable
from typing import Final

from cordon.model.device import Attribute, Evidence, Guess

SHOWN: Final = 12  # pieces of evidence that a fact carries
KEPT: Final = 48  # pieces of evidence remembered of one attribute
LEAST: Final = 250  # below this confidence nothing is said
GUESSES: Final = 4  # further values that a fact carries
_WHOLE: Final = 1_000_000
_GROUPS: Final = {
    "dhcp.hostname": "name",
    "mdns.name": "name",
    "nbns.name": "name",
    "llmnr.name": "name",
    "dns.query": "cloud",
    "tls.sni": "cloud",
    "ip.source": "gateway",
}


def group_of(field: str) -> str:
    """Fields that say the same thing twice fall in one group."""
    return _GROUPS.get(field) or field.partition(".")[0]


def _order(piece: Evidence) -> tuple[int, str, str, str, str]:
    return (-piece.weight, piece.says, piece.field, piece.value, piece.source)


def add(held: tuple[Evidence, ...], fresh: Evidence) -> tuple[Evidence, ...]:
    """The evidence with one piece more: of each group the strongest for a value stays, at most `KEPT` in all."""
    strongest: dict[tuple[str, str], Evidence] = {}
    for piece in sorted((*held, fresh), key=_order):
        strongest.setdefault((group_of(piece.field), piece.says), piece)
    return tuple(strongest.values())[:KEPT]


def fuse(evidence: Iterable[Evidence]) -> Attribute:
    """The most believed value, its confidence (0–1000), the strongest evidence and the next best values.

    Two values believed alike are taken in the order of their names.
    """
    pieces = sorted(evidence, key=_order)
    strongest: dict[tuple[str, str], int] = {}
    for piece in pieces:
        strongest.setdefault((piece.says, group_of(piece.field)), piece.weight)
    odds: dict[str, int] = {}
    for says in {value for value, _ in strongest}:
        doubt = _WHOLE
        for weight in sorted(weight for (value, _), weight in strongest.items() if value == says):
            doubt = doubt * (1000 - weight) // 1000
        doubt = max(doubt, _WHOLE // 1000)
        odds[says] = (_WHOLE - doubt) * _WHOLE // doubt
    if not odds:
        return Attribute()
    ranked = sorted(odds, key=lambda says: (-odds[says], says))
    whole = _WHOLE + sum(odds.values())
    guesses = tuple(Guess(says, 1000 * odds[says] // whole) for says in ranked[: GUESSES + 1])
    best, shown = guesses[0], tuple(pieces[:SHOWN])
    if best.confidence < LEAST:
        return Attribute(evidence=shown, runner_up=best.value, others=guesses[:GUESSES])
    others = guesses[1:]
    return Attribute(best.value, best.confidence, shown, others[0].value if others else "", others)
