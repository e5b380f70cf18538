"""The policy stage: takes trust; yields what a device may reach from now on, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from cordon.model.decision import Decision, Mode
from cordon.model.device import Device
from cordon.model.facts import Facts
from cordon.model.ids import derive
from cordon.model.kinds import KIND
from cordon.model.trust import Band, Trust

SAYS: Final = {
    Band.NORMAL: "Would be free again to do what its zone allows",
    Band.USUAL_ONLY: "Would be held to what it usually does",
    Band.ESSENTIALS_ONLY: "Would be held to its essentials",
    Band.CORDONED: "Would be cut off from everything",
}


@dataclass(frozen=True, slots=True)
class State:
    """The band last decided for each device, and why a device is protected; both by device id."""

    bands: dict[str, Band] = field(default_factory=dict)
    protected: dict[str, str] = field(default_factory=dict)


def step(state: State, facts: Facts) -> tuple[State, Facts]:
    """Adds a `Decision` whenever the band of a device changes. The mode is always watch: nothing is enforced."""
    bands, protected = dict(state.bands), dict(state.protected)
    decisions = list(facts.decisions)
    waiting = sorted(facts.devices, key=lambda device: (device.time, device.id))
    for trust in sorted(facts.trusts, key=lambda one: (one.time, one.device)):
        while waiting and waiting[0].time <= trust.time:
            _protect(protected, waiting.pop(0))
        if trust.band != bands.get(trust.device, Band.NORMAL):
            decisions.append(_decide(trust, protected.get(trust.device, "")))
            bands[trust.device] = trust.band
    for device in waiting:
        _protect(protected, device)
    decisions.sort(key=lambda one: (one.time, one.id))
    return State(bands, protected), replace(facts, decisions=tuple(decisions))


def _protect(protected: dict[str, str], device: Device) -> None:
    """Remembers why a person is asked before anything happens to a device."""
    kind = KIND.get(device.kind.value)
    if device.is_gateway:
        protected[device.id] = "the whole network depends on it"
    elif kind is not None and kind.safety:
        protected[device.id] = f"cutting off a device of its kind ({kind.says}) may harm somebody"
    else:
        protected.pop(device.id, None)


def _decide(trust: Trust, protected: str) -> Decision:
    says = SAYS[trust.band]
    if protected and trust.band != Band.NORMAL:
        says += f", once a person agrees: {protected}"
    return Decision(
        id=derive("decision", trust.site, trust.device, trust.time, trust.band),
        site=trust.site,
        device=trust.device,
        time=trust.time,
        band=trust.band,
        mode=Mode.WATCH,
        says=says,
        because=_because(trust),
        simulated=True,
    )


def _because(trust: Trust) -> tuple[str, ...]:
    """The sources of what lowered the score, heaviest first; for a release, of what made it up."""
    lowers = trust.band != Band.NORMAL
    counted = [reason for reason in trust.reasons if reason.tenths and (reason.tenths < 0) == lowers]
    ranked = sorted(counted, key=lambda reason: (-abs(reason.tenths), reason.source))
    return tuple(_once(reason.source for reason in ranked))


def _once(sources: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(sources)
