"""The actions stage: takes decisions; yields the changes of the network they would need, each with its undo."""

from dataclasses import dataclass, field, replace

from cordon.actions.backends import SHIPPED
from cordon.model.decision import Change
from cordon.model.device import Device
from cordon.model.facts import Facts
from cordon.model.trust import Band


@dataclass(frozen=True, slots=True)
class State:
    """The devices as they are known, and the band each was last decided into (none: normal)."""

    devices: dict[str, Device] = field(default_factory=dict)
    bands: dict[str, Band] = field(default_factory=dict)


def step(state: State, facts: Facts) -> tuple[State, Facts]:
    """Adds a simulated `Change` for each decision and back-end. Nothing is ever run here.

    A decision that a back-end does not cover yields no change.
    """
    devices, bands = dict(state.devices), dict(state.bands)
    changes: list[Change] = list(facts.changes)
    waiting = sorted(facts.devices, key=lambda device: (device.time, device.id))
    for decision in sorted(facts.decisions, key=lambda one: (one.time, one.id)):
        while waiting and waiting[0].time <= decision.time:
            _remember(devices, waiting.pop(0))
        device = devices.get(decision.device)
        if device is None:
            continue
        before = bands.get(decision.device, Band.NORMAL)
        plans = (backend().plan(decision, device, before) for backend in SHIPPED)
        changes.extend(plan.change for plan in plans if plan.change is not None)
        bands[decision.device] = decision.band
    for device in waiting:
        _remember(devices, device)
    return State(devices, bands), replace(facts, changes=tuple(changes))


def _remember(devices: dict[str, Device], device: Device) -> None:
    """Keeps what a plan needs, and none of the evidence."""
    slim = Device(device.id, device.site, device.time, device.first_seen, device.macs, device.ips, device.names)
    devices[device.id] = replace(slim, is_gateway=device.is_gateway, segment=device.segment)
