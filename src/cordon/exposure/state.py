"""What the stage remembers between steps: who is who, what stands, and what several devices have in common."""

from dataclasses import dataclass, field

import polars as pl

from cordon.exposure.habits import Habit
from cordon.model.exposure import Exposure
from cordon.model.sides import BINDINGS, DEVICES


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything the stage remembers; ``State()`` is the start."""

    clock: int = 0  # how far time has come, µs
    hour: int = 0  # start of the hour that is being watched, µs
    due: int = 0  # when something changes by time alone, µs; 0: nothing will
    bindings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BINDINGS))
    devices: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DEVICES))
    standing: dict[str, Exposure] = field(default_factory=dict)  # by id, also what is gone for a while
    shared: dict[str, str] = field(default_factory=dict)  # check, device and about → a digest of what it has there
    given: dict[str, int] = field(default_factory=dict)  # resolvers that DHCP hands out → the step it was first seen
    habits: dict[str, Habit] = field(default_factory=dict)  # of each device, what only its absence shows
    clocks: dict[str, int] = field(default_factory=dict)  # addresses of the network that give the time → likewise
