"""An incident while it is open: what it is made of, and when something belongs to it."""

from dataclasses import dataclass, replace
from typing import Final

from cordon.incidents.titles import COMPROMISE, title
from cordon.model.decision import Decision
from cordon.model.finding import Finding, Severity
from cordon.model.ids import derive
from cordon.model.incident import Event, Incident
from cordon.model.tables import HOUR
from cordon.model.trust import Band

APART: Final = 6 * HOUR
"""Findings further apart than this are different stories."""

SILENCE: Final = 24 * HOUR
"""After this long without anything new an incident is closed."""

KEPT: Final = 500
"""Events an incident keeps: the first ones, so that its beginning stays."""


@dataclass(frozen=True, slots=True)
class Case:
    """An open incident with what its title and its further growth rest on."""

    incident: Incident
    last: int  # when something new came last, µs
    deeds: tuple[tuple[str, str], ...] = ()  # device and family of its findings, and `COMPROMISE`
    peers: tuple[str, ...] = ()  # devices that its findings concern


def opened(finding: Finding, kinds: dict[str, str]) -> Case:
    """The incident that begins with this finding. Its id stays, whatever it grows into."""
    incident = Incident(
        id=derive("incident", finding.site, finding.device, finding.began),
        site=finding.site,
        patient_zero=finding.device,
        devices=(),
        title="",
        severity=0,
        began=finding.began,
        noticed=finding.noticed,
        acted=0,
        closed=0,
        events=(),
    )
    return with_finding(Case(incident, finding.noticed), finding, kinds)


def belongs(case: Case, finding: Finding) -> bool:
    """Whether the finding continues the story: it is about a device of it, a device that one of its findings
    concerned, or concerns one of its devices; soon enough after the last. A low finding must be about its devices."""
    if finding.began - case.last > APART or case.incident.site != finding.site:
        return False
    own = finding.device in case.incident.devices
    if finding.severity < Severity.MEDIUM:
        return own
    return own or finding.device in case.peers or not set(finding.peers).isdisjoint(case.incident.devices)


def with_finding(case: Case, finding: Finding, kinds: dict[str, str]) -> Case:
    """The case with one more finding."""
    event = Event(finding.began, "finding", finding.id, finding.device, finding.says)
    incident = case.incident
    grown = replace(
        incident,
        devices=tuple(sorted({*incident.devices, finding.device})),
        severity=max(incident.severity, int(finding.severity)),
        began=min(incident.began, finding.began),
        noticed=min(incident.noticed, finding.noticed),
        events=_merged(incident.events, (event,)),
        techniques=tuple(sorted({*incident.techniques, finding.technique} - {""})),
    )
    deeds = {(finding.device, finding.family)} | ({(finding.device, COMPROMISE)} if finding.compromise else set())
    grown_case = Case(
        incident=grown,
        last=max(case.last, finding.noticed),
        deeds=tuple(sorted({*case.deeds, *deeds})),
        peers=tuple(sorted({*case.peers, *finding.peers})),
    )
    return _titled(grown_case, kinds)


def joined(one: Case, other: Case, kinds: dict[str, str]) -> Case:
    """Two cases that turned out to be one story, under the id of `one`."""
    a, b = one.incident, other.incident
    acted = [time for time in (a.acted, b.acted) if time]
    merged = replace(
        a,
        devices=tuple(sorted({*a.devices, *b.devices})),
        severity=max(a.severity, b.severity),
        began=min(a.began, b.began),
        noticed=min(a.noticed, b.noticed),
        acted=min(acted, default=0),
        events=_merged(a.events, b.events),
        techniques=tuple(sorted({*a.techniques, *b.techniques})),
    )
    case = Case(
        incident=merged,
        last=max(one.last, other.last),
        deeds=tuple(sorted({*one.deeds, *other.deeds})),
        peers=tuple(sorted({*one.peers, *other.peers})),
    )
    return _titled(case, kinds)


def with_decision(case: Case, decision: Decision) -> Case:
    """The case with what was decided; restricting a device for the first time is when somebody acted."""
    event = Event(decision.time, "decision", decision.id, decision.device, decision.says)
    acted = case.incident.acted
    if decision.band != Band.NORMAL:
        acted = min(acted or decision.time, decision.time)
    incident = replace(case.incident, acted=acted, events=_merged(case.incident.events, (event,)))
    return replace(case, incident=incident, last=max(case.last, decision.time))


def with_event(case: Case, event: Event) -> Case:
    """The case with one more line in its story."""
    return replace(case, incident=replace(case.incident, events=_merged(case.incident.events, (event,))))


def _merged(some: tuple[Event, ...], more: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events by time; the same source told again replaces its line."""
    fresh = {event.source for event in more}
    events = [event for event in some if event.source not in fresh] + list(more)
    order = {"finding": 0, "decision": 1, "change": 2}
    return tuple(sorted(events, key=lambda one: (one.time, order.get(one.what, 3), one.source)))[:KEPT]


def _titled(case: Case, kinds: dict[str, str]) -> Case:
    """With patient zero, the device of the earliest event, and the title that follows."""
    incident = case.incident
    zero = next((event.device for event in incident.events if event.what == "finding"), incident.patient_zero)
    others = len(incident.devices) - 1
    says = title(kinds.get(zero, ""), others, {deed for device, deed in case.deeds if device == zero})
    return replace(case, incident=replace(incident, patient_zero=zero, title=says))
