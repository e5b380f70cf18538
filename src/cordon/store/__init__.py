"""The record (what is known), the history (what was seen), and the lock that keeps them to one writer."""

from cordon.store.errors import AmbiguousError, NoStateError, StateError
from cordon.store.losses import LOST
from cordon.store.outbox import Told, Untold
from cordon.store.people import HEARSAY, Heard, Imported, Listed, Question, Said, Version, tags_of
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
    "HEARSAY",
    "LOST",
    "NEXT",
    "SEES",
    "AmbiguousError",
    "Coverage",
    "DeviceQuery",
    "DeviceView",
    "Facet",
    "FindingQuery",
    "Heard",
    "Imported",
    "Listed",
    "NoStateError",
    "Page",
    "Presence",
    "Question",
    "RhythmCell",
    "Said",
    "Source",
    "StateError",
    "Store",
    "Told",
    "Totals",
    "Untold",
    "Version",
    "sees_of",
    "tags_of",
]
