"""Something happened, at a time."""

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is if it is true."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows show it: a selector, not a copy. Rows of `table` in `begin <= time < end` for which every
    `(column, value)` of `where` holds; for a column of numbers or times the value is its decimal text."""

    table: str
    begin: int
    end: int
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector says of a device.

    `level` is the detector's (trial, sound, proven): it bounds what may follow. `weight` (tenths of trust,
    positive) and `compromise` (it shows that the device is in somebody else's hands) are what trust goes by.
    """

    id: str
    site: str
    device: str
    detector: str
    family: str
    technique: str  # MITRE ATT&CK id, or ""
    severity: Severity
    level: str
    began: int
    noticed: int
    says: str
    measured: tuple[tuple[str, int | str], ...] = ()
    peers: tuple[str, ...] = ()  # other devices concerned, by id
    weight: int = 0
    compromise: bool = False
    rows: Rows | None = None
    accepted: str = ""  # id of the verdict by which a person lives with it; it counts for nothing then
