"""What was lost on the way, in four sorts: every kind of damage that a source counts is one of them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from cordon.store.views import Source, sees_of

LOST: Mapping[str, str] = MappingProxyType(
    {
        "missed": "packets or records never came in: the sensor, the line or this machine was too slow",
        "cut": "packets or files cut short: their end was not captured",
        "let go": "conversations let go early: each counts as several",
        "damaged": "damaged or not understood; all else was read",
    }
)
"""The sorts of loss, worst first, in words that follow a number."""

SIGNS: Final = (
    (
        "missed",
        ("dropped", "records lost", "packets lost", "window was full", "what a window holds", "ring block broken"),
    ),
    ("let go", ("let go early",)),
    ("cut", ("capture: cut short", "file cut short", "packet cut short", "beyond frame", "beyond packet")),
)
"""By which words in its name a kind of damage is told to be of a sort; what has none of them is damaged."""

NO_LOSS: Final = ("interface: went down", "engine: connection not looked into")
"""Kinds that count what happened, not what is missing: an interface that went down may have had nothing to tell."""

GRAVE: Final = {"missed": 0.01, "cut": 0.05}
"""From which share of all on it is told first what to do about a sort of loss."""


def sort_of(kind: str) -> str:
    """The sort of loss that a kind of damage is; "" when nothing is missing for it."""
    if kind.startswith(NO_LOSS):
        return ""
    return next((sort for sort, words in SIGNS if any(word in kind for word in words)), "damaged")


def losses(damaged: Mapping[str, int]) -> dict[str, int]:
    """How much was lost of each sort, worst first; sorts without loss are left out."""
    sums = dict.fromkeys(LOST, 0)
    for kind, count in damaged.items():
        if sort := sort_of(kind):
            sums[sort] += count
    return {sort: count for sort, count in sums.items() if count}


def gravest(sources: Iterable[Source]) -> str:
    """The sort of loss that is to be put right first: a key of `GRAVE`, or "" where little is lost.

    Packets are held against packets, and what logs and flow records miss against the conversations they tell of.
    """
    lost, seen = dict.fromkeys(GRAVE, 0), 0
    for source in sources:
        seen += source.packets if sees_of(source.name) == "packets" else source.flows
        for sort, count in losses(source.damaged).items():
            if sort in lost:
                lost[sort] += count
    return next((sort for sort, share in GRAVE.items() if lost[sort] > share * (lost[sort] + seen)), "")
