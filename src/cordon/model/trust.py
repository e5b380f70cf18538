"""How far a device is trusted, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """What trust lets a device do, from most to least."""

    NORMAL = "normal"
    USUAL_ONLY = "usual-only"
    ESSENTIALS_ONLY = "essentials-only"
    CORDONED = "cordoned"


@dataclass(frozen=True, slots=True)
class Reason:
    """One addend of a score: `tenths` may be negative; `fades` is when it will be gone (µs, 0: it does not fade)."""

    says: str
    tenths: int
    source: str  # id of the fact it comes from, or the name of a rule: start, cap, recovery-limit
    fades: int = 0


@dataclass(frozen=True, slots=True)
class Trust:
    """The score of a device from `time` on. ``sum(reason.tenths) == score``, always."""

    device: str
    site: str
    time: int
    score: int  # tenths, 0–1000
    uncertainty: int  # tenths, 0–1000: how much of the score is only assumed
    band: Band
    reasons: tuple[Reason, ...]
    getting_to_know: bool  # the profile is not confirmed yet
    next_change: int = 0  # µs, when the score changes without new facts; 0: never
