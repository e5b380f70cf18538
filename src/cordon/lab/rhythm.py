"""How busy a small company is over the day and the week; the site's local time is UTC."""

from random import Random
from typing import Final

from cordon.lab.lan import DAY, HOUR, MINUTE

_HOURS: Final = (
    0.02, 0.02, 0.02, 0.02, 0.02, 0.03, 0.1, 0.35, 0.8, 1.0, 1.0, 0.95,
    0.5, 0.85, 1.0, 0.95, 0.85, 0.6, 0.3, 0.12, 0.06, 0.04, 0.03, 0.02,
)  # fmt: skip


def weekday(time: int) -> int:
    """Monday is 0. The epoch was a Thursday."""
    return (time // DAY + 3) % 7


def activity(time: int) -> float:
    """From 0 (nobody there) to 1 (the busiest hour)."""
    hour, rest = divmod(time % DAY, HOUR)
    here, there = _HOURS[hour], _HOURS[(hour + 1) % 24]
    level = here + (there - here) * rest / HOUR
    return level * (0.08 if weekday(time) >= 5 else 1.0)


def jitter(rng: Random, mean: float, share: float = 0.1) -> int:
    """About `mean` µs, off by up to `share` of it."""
    return int(mean * (1 + share * (2 * rng.random() - 1)))


def busy_pause(rng: Random, time: int, mean: int) -> int:
    """How long until the next thing people do, when they do one each `mean` µs in the busiest hour."""
    return int(min(rng.expovariate(1.0) * mean / max(activity(time), 0.03), 90 * MINUTE)) + 1
