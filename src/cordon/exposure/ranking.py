"""The repairs most worth their time: risk that they take away for each minute of work."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cordon.model.exposure import Exposure, Reach, Standing
from cordon.model.finding import Severity
from cordon.model.ids import derive
from cordon.model.kinds import KIND

MOST: Final = 5
"""Repairs that are shown at once."""
RISKS: Final = {Severity.INFO: 0, Severity.LOW: 1, Severity.MEDIUM: 3, Severity.HIGH: 9, Severity.CRITICAL: 20}
REACHES: Final = {Reach.PATH: 1, Reach.NETWORK: 2, Reach.INTERNET: 6}
USUAL: Final = 2
"""How much depends on a device of which neither its owner nor its kind says so."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A device as ranking knows it; `criticality` is the owner's word, 1 to 5, or 0."""

    name: str
    kind: str = ""
    vendor: str = ""
    model: str = ""
    criticality: int = 0

    @property
    def depends(self) -> int:
        """How much depends on it, 1 to 5."""
        return self.criticality or (KIND[self.kind].criticality if self.kind in KIND else USUAL)


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing to do, at one device or at several of a kind. `exposures` are in the order of their risk; `vendor` and
    `model` are those that all of the devices have, `makes` all that there are."""

    id: str
    check: str
    severity: Severity
    reach: Reach
    minutes: int  # of a person's work, for all of them
    risk: int  # points that it takes away
    worth: int  # points for ten hours of work: what it is ranked by
    kind: str
    vendor: str
    model: str
    makes: tuple[tuple[str, str], ...]
    exposures: tuple[Exposure, ...]

    @property
    def devices(self) -> tuple[str, ...]:
        """The ids of the devices, those at most risk first."""
        return tuple(dict.fromkeys(one.device for one in self.exposures))


def ranked(exposures: Iterable[Exposure], subjects: Mapping[str, Subject]) -> tuple[Repair, ...]:
    """All repairs of the exposures that stand open and are a risk, the most useful first.

    Exposures of one check at devices of one kind are one repair (where the kind is not known, of one vendor and model);
    a device of which nothing is known is like no other. Each further device takes half the work of the first.
    """
    alike: dict[tuple[str, ...], list[Exposure]] = defaultdict(list)
    for one in exposures:
        if one.standing is Standing.OPEN and RISKS[one.severity] and one.device in subjects:
            of = subjects[one.device]
            unknown = (of.vendor, of.model) if of.vendor else ("", one.device)
            like = (of.kind, "", "") if of.kind else ("", *unknown)
            alike[one.check, *like].append(one)
    repairs = [_repair(key, found, subjects) for key, found in alike.items()]
    return tuple(sorted(repairs, key=lambda one: (-one.worth, -one.risk, one.id)))


def _repair(key: tuple[str, ...], found: list[Exposure], subjects: Mapping[str, Subject]) -> Repair:
    check, kind, *_ = key
    makes = sorted({(subjects[one.device].vendor, subjects[one.device].model) for one in found})
    vendors = {vendor for vendor, _ in makes}
    # Several of one check at one device are one risk to it, as bad as its worst.
    by_device: dict[str, int] = {}
    for one in found:
        by_device[one.device] = max(by_device.get(one.device, 0), _points(one, subjects[one.device]))
    found.sort(key=lambda one: (-_points(one, subjects[one.device]), subjects[one.device].name, one.id))
    effort, risk = max(1, *(one.effort for one in found)), sum(by_device.values())
    minutes = effort + (len(by_device) - 1) * effort // 2
    return Repair(
        id=derive("repair", *key),
        check=check,
        severity=max(one.severity for one in found),
        reach=max(one.reach for one in found),
        minutes=minutes,
        risk=risk,
        worth=risk * 600 // minutes,
        kind=kind,
        vendor=makes[0][0] if len(vendors) == 1 else "",
        model=makes[0][1] if len(makes) == 1 else "",
        makes=tuple(makes),
        exposures=tuple(found),
    )


def _points(one: Exposure, of: Subject) -> int:
    """The risk of one exposure: how bad, from where, and how much depends on the device."""
    return RISKS[one.severity] * REACHES[one.reach] * of.depends
