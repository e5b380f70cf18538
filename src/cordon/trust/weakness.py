"""What is weak about a device: what an exposure costs for as long as it stands open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from cordon.model.exposure import Exposure, Standing
from cordon.trust.settings import TrustSettings

MOST: Final = 64
"""Weaknesses remembered of a device; many fewer reach the bound of what they cost together."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """One exposure as trust remembers it; `gone` is forgotten with the next hour, when scores may rise."""

    source: str
    says: str
    tenths: int
    gone: bool = False


def taken_in(
    known: tuple[Weakness, ...], exposures: Iterable[Exposure], settings: TrustSettings
) -> tuple[Weakness, ...]:
    """The weaknesses after news of exposures: the latest of each holds, and only what stands open costs anything."""
    found = {one.source: one for one in known}
    for one in exposures:
        if one.standing is Standing.OPEN:
            cost = settings.standing_weight(one.severity, one.weight, one.level)
            if cost:
                found[one.id] = Weakness(one.id, one.says, cost)
        elif one.id in found:
            found[one.id] = replace(found[one.id], gone=True)
    heaviest = sorted(found.values(), key=lambda one: (-one.tenths, one.source))[:MOST]
    return tuple(sorted(heaviest, key=lambda one: one.source))


def standing(known: tuple[Weakness, ...]) -> tuple[Weakness, ...]:
    """Without what is gone."""
    return tuple(one for one in known if not one.gone)
