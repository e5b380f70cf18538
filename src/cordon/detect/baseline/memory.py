"""What is remembered of what is normal: column arrays with one row for each habit or count of a device.

Bounded by the constants here to 10 kB for a device: numbers stand for devices, 64 bits of a hash for texts, of which
each is kept once however many devices share it. All of it adds up: the rows of two devices, or of all devices of a
kind, are summed by leaving out whose they are.
"""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from cordon.model.baseline import What
from cordon.model.tables import Schema

LEARNED: Final[Schema] = {
    "number": pl.UInt32,
    "device": pl.String,
    "since": pl.UInt32,  # hour since the epoch, the first that was learned
    "last": pl.UInt32,
    "hours": pl.UInt32,
    "told": pl.UInt32,  # how many hours had been learned when its baseline was last told
}
"""The devices of which something was learned."""

HABITS: Final[Schema] = {
    "number": pl.UInt32,
    "what": pl.UInt8,  # of `What`
    "word": pl.UInt64,
    "first": pl.UInt32,  # step since the epoch
    "last": pl.UInt32,
    "begun": pl.UInt32,  # the last step in which talk with it began
    "days": pl.UInt16,
    "weight": pl.UInt32,  # hours in which it did so, in `UNIT`; fades
}

GAPS: Final[Schema] = {
    "number": pl.UInt32,
    "word": pl.UInt64,
    "octave": pl.UInt8,  # of the time between two beginnings, in steps
    "count": pl.UInt16,  # in `FEW`
    "total": pl.UInt32,  # steps, in `FEW`
}

VOLUMES: Final[Schema] = {
    "number": pl.UInt32,
    "slot": pl.UInt8,  # hour of the week, from Monday on, UTC
    "bucket": pl.UInt8,  # of `sketch`; `INTO` and more: of what it got
    "count": pl.UInt16,  # hours, in `UNIT`
}

MEASURES: Final[Schema] = {
    "number": pl.UInt32,
    "what": pl.UInt8,  # of `cordon.model.baseline.MEASURES`
    "bucket": pl.UInt8,
    "count": pl.UInt32,  # in `UNIT`
}

VALUES: Final[Schema] = {"number": pl.UInt32, "word": pl.UInt64, "low": pl.Float64, "high": pl.Float64}
"""The least and the greatest value of an operation."""

WORDS: Final[Schema] = {"word": pl.UInt64, "text": pl.String}

KIN: Final[Schema] = {"group": pl.String, "what": pl.UInt8, "word": pl.UInt64, "devices": pl.UInt32}
"""How many devices of a group have a habit."""

GROUPS: Final[Schema] = {"device": pl.String, "number": pl.UInt32, "group": pl.String, "members": pl.UInt32}
"""The kin of each device: those of its model where there are enough, else of its kind; `members` with itself."""

LIKES: Final[Schema] = {"device": pl.String, "time": pl.Int64, "kind": pl.String, "model": pl.String}
"""Versions of what a device was known to be, as `cordon.model.sides.DEVICES` keeps them."""

HEARD: Final[Schema] = {
    "device": pl.String,
    "what": pl.UInt8,
    "key": pl.String,
    "net": pl.String,  # of a place
    "first": pl.Int64,  # step
    "last": pl.Int64,
    "times": pl.Int64,
    "low": pl.Float64,  # of an operation's values; infinite where there are none
    "high": pl.Float64,
    "marks": pl.List(pl.UInt16),  # steps within the hour, doubled, odd where a connection was opened
}
"""What devices did within the hour that is watched, beyond what other memories hold of it."""

DOMAIN: Final = 32
FAILED: Final = 33
"""What is counted in `HEARD`, and no habit: domains asked for, and answers of DNS that were none."""

UNIT: Final = 64
"""One of what fades is so many, so that a day takes off whole numbers."""
FEW: Final = 32
INTO: Final = 128
DAYS: Final = 30
"""A day takes off one part in so many of everything learned: what changes is followed within weeks."""
LEAST: Final = UNIT // 8
"""What has faded to this is forgotten: after six weeks, if it was met once."""
MOST: Final = {
    What.PLACE: 28,
    What.ASKS: 12,
    What.OFFERS: 10,
    What.PEER: 16,
    What.FINGERPRINT: 6,
    What.LOGIN: 6,
    What.OPERATION: 12,
}
"""Habits kept of a device, those with the most evidence."""
OCTAVES: Final = 4
"""Rows of gaps kept of a place."""
CELLS: Final = 470
"""Rows of volumes kept of a device."""
BUCKETS: Final = 80
"""Rows of other measures kept of a device."""
GONE: Final = 60
"""Days after which a device that is not there any more is forgotten."""
KNOWN: Final = 6
"""Hours of presence at which a device's own evidence weighs as much as its kin's."""
ENOUGH: Final = 3
"""Other devices that there must be of a model or kind to go by them."""


@dataclass(frozen=True, slots=True, eq=False)
class Baselines:
    """All that was learned; ``Baselines()`` is the start."""

    day: int = 0  # days since the epoch; what fades has faded up to it
    learned: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEARNED))
    habits: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HABITS))
    gaps: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GAPS))
    volumes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VOLUMES))
    measures: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MEASURES))
    values: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VALUES))
    words: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WORDS))
    groups: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GROUPS))
    kin: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KIN))

    def size(self) -> int:
        """Bytes of all arrays, without what is kept once for all devices (`words`, `kin`)."""
        mine = (self.learned, self.habits, self.gaps, self.volumes, self.measures, self.values, self.groups)
        return sum(int(frame.estimated_size()) for frame in mine)
