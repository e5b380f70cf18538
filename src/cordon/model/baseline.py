"""What is normal for a device, as far as it was learned: its habits, and how much it says when."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class What(IntEnum):
    """What a habit is of. The numbers stand in saved states."""

    PLACE = 0  # a destination on the Internet, by its owner or domain, else by its network
    ASKS = 1  # a service that it uses: tcp/443
    OFFERS = 2  # a service that it offers and somebody used
    PEER = 3  # somebody in its own network: a device, else an address
    FINGERPRINT = 4  # JA4 of its TLS or QUIC hello
    LOGIN = 5  # protocol, whether it signs in or is signed into, and with what outcome
    OPERATION = 6  # what it asks of a controller


MEASURES: Final = ("bytes sent", "bytes got", "flow sent", "flow got", "questions", "domains", "failures")
"""What is measured: of each hour what was sent and got, DNS questions, different domains and failed answers; of each
peer and port in ten seconds what was sent to it and got from it."""


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing that is normal. Times are µs, shares thousandths.

    `expected` is how far it is to be expected of the device: its own evidence, and that of its kin (devices of its
    model or kind) by how little there is of its own. `period` is the usual time between two beginnings (0: no rhythm),
    `regular` the share of those times that lie near it. `low` and `high` bound what was written to a controller or read
    of it.
    """

    what: What
    key: str
    expected: int
    first: int = 0  # step; 0: it never did, its kin do
    last: int = 0
    days: int = 0
    kin: int = 0  # others of its kin that do so
    period: int = 0
    regular: int = 0
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """The 5, 50 and 95 % quantiles of a measure, each within `ERROR` of it. `hour` is that of the day (UTC) and
    `weekday` that of the week (0: Monday), -1 where the measure is not told apart by it."""

    what: str  # of MEASURES
    low: int
    mid: int
    high: int
    hour: int = -1
    weekday: int = -1


ERROR: Final = 123
"""How far a quantile may be from the true one, thousandths: half a bucket of a third of an octave."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was learned of a device up to `time`; a newer fact of the same device replaces it.

    `confidence` (thousandths) grows with the hours learned and with how many kin there are.
    """

    device: str
    site: str
    time: int
    since: int  # µs, the first hour that was learned
    hours: int  # of presence that were learned
    confidence: int
    group: str = ""  # its kin: a kind, or maker and model; "" where they are too few
    kin: int = 0  # how many others there are of them
    habits: tuple[Habit, ...] = ()
    measures: tuple[Measure, ...] = ()
