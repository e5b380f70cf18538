"""The record (what is known), the history (what was seen), and the lock that keeps them to one writer."""

from cordon.store.errors import AmbiguousError, NoStateError, StateError
from cordon.store.losses import LOST
from cordon.store.store import Store
from cordon.store.views import (
    DEVICE_SORTS,
    FINDING_SORTS,
    NEXT,
    SEES,
    Coverage,
    DeviceQuery,
    DeviceView,
    Facet,
    FindingQuery,
    Page,
    Presence,
    RhythmCell,
    Source,
    Totals,
    sees_of,
)

__all__ = [
    "DEVICE_SORTS",
    "FINDING_SORTS",
    "LOST",
    "NEXT",
    "SEES",
    "AmbiguousError",
    "Coverage",
    "DeviceQuery",
    "DeviceView",
    "Facet",
    "FindingQuery",
    "NoStateError",
    "Page",
    "Presence",
    "RhythmCell",
    "Source",
    "StateError",
    "Store",
    "Totals",
    "sees_of",
]
