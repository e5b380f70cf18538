"""Sightings by hand, and a run of the stage over them in windows of any length."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl
import pytest

from cordon.devices import State, step
from cordon.model.device import Binding, Device, DeviceEvent
from cordon.model.facts import Facts
from cordon.model.tables import SIGHTINGS, STEP
from cordon.model.window import Window

Row = dict[str, object]


def sight(at: int, mac: str, what: str = "mac", value: str = "", ip: str = "", *, segment: str = "lan") -> Row:
    """One sighting in the step numbered `at`."""
    return {
        "step": at * STEP,
        "time": at * STEP + 5,
        "segment": segment,
        "mac": mac,
        "ip": ip,
        "field": what,
        "value": value,
    }


@dataclass
class Outcome:
    """All that a run yielded."""

    state: State = field(default_factory=State)
    devices: list[Device] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    events: list[DeviceEvent] = field(default_factory=list)
    presence: list[pl.DataFrame] = field(default_factory=list)

    def of(self, mac: str) -> Device:
        """The latest fact of the device with that MAC address."""
        return [device for device in self.devices if mac in device.macs][-1]


def run(rows: Sequence[Row], steps: int = 6, state: State | None = None) -> Outcome:
    """Runs the stage over the rows in windows of that many steps."""
    out = Outcome(state or State())
    frame = pl.DataFrame(rows, schema=SIGHTINGS).sort("step", maintain_order=True)
    length = steps * STEP
    last = max((int(str(row["step"])) for row in rows), default=0)
    for begin in range(0, last + 1, length):
        part = frame.filter((pl.col("step") >= begin) & (pl.col("step") < begin + length))
        out.state, facts = step(out.state, Facts(Window("home", begin, begin + length, {"sightings": part})))
        out.devices += facts.devices
        out.bindings += facts.bindings
        out.events += facts.events
        assert facts.presence is not None
        out.presence.append(facts.presence)
    return out


@pytest.fixture(name="sight")
def _sight():
    return sight


@pytest.fixture(name="run")
def _run():
    return run
