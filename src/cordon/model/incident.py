"""What people handle: findings that belong together, as one story."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an incident's story."""

    time: int
    what: str  # finding, decision, change
    source: str  # id of the fact
    device: str
    says: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Began, noticed, acted, closed (µs; 0: not yet). A newer fact of the same id replaces it."""

    id: str
    site: str
    patient_zero: str
    devices: tuple[str, ...]
    title: str
    severity: int
    began: int
    noticed: int
    acted: int
    closed: int
    events: tuple[Event, ...]
    techniques: tuple[str, ...] = ()
