"""The incidents stage: takes findings, decisions and changes; yields the stories they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cordon.incidents.case import SILENCE, Case, belongs, joined, opened, with_decision, with_event, with_finding
from cordon.model.decision import Change, Decision
from cordon.model.facts import Facts
from cordon.model.families import STANDING
from cordon.model.finding import Finding, Severity
from cordon.model.incident import Event, Incident


@dataclass(frozen=True, slots=True)
class State:
    """The open incidents by id, and the kind of each device."""

    cases: dict[str, Case] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Moment:
    """All that came at one time."""

    findings: list[Finding] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def step(state: State, facts: Facts) -> tuple[State, Facts]:
    """Adds an `Incident` fact for each incident that changed, once for each time at which something came.

    Findings of medium severity and above make incidents or join one; low ones, and those of what merely stands or
    changed, only join one; decisions and their changes join those of their device. An incident closes 24 h after its
    last event.
    """
    kinds = dict(state.kinds)
    waiting = sorted(facts.devices, key=lambda device: (device.time, device.id))
    cases, told = dict(state.cases), list(facts.incidents)
    changes: dict[str, list[Change]] = {}
    for change in facts.changes:
        changes.setdefault(change.decision, []).append(change)
    for time, moment in _moments(facts):
        while waiting and waiting[0].time <= time:
            device = waiting.pop(0)
            kinds[device.id] = device.kind.value
        told.extend(_close(cases, time))
        told.extend(_take(cases, moment, changes, kinds))
    kinds.update((device.id, device.kind.value) for device in waiting)
    told.extend(_close(cases, facts.window.end))
    return State(cases, kinds), replace(facts, incidents=tuple(told))


def _moments(facts: Facts) -> Iterator[tuple[int, Moment]]:
    """What came, by time, each in canonical order."""
    moments: dict[int, Moment] = {}
    for finding in sorted(facts.findings, key=lambda one: one.id):
        if finding.accepted:
            continue
        moments.setdefault(finding.noticed, Moment()).findings.append(finding)
    for decision in sorted(facts.decisions, key=lambda one: one.id):
        moments.setdefault(decision.time, Moment()).decisions.append(decision)
    yield from sorted(moments.items(), key=lambda item: item[0])


def _close(cases: dict[str, Case], time: int) -> list[Incident]:
    """Closes what was silent for long before `time`."""
    due = sorted((case.last + SILENCE, name) for name, case in cases.items() if case.last + SILENCE <= time)
    return [replace(cases.pop(name).incident, closed=end) for end, name in due]


def _take(
    cases: dict[str, Case], moment: Moment, changes: dict[str, list[Change]], kinds: dict[str, str]
) -> list[Incident]:
    """Sorts one time's facts into the cases; returns the incidents that changed, absorbed ones closed."""
    touched: set[str] = set()
    absorbed: list[Incident] = []
    for finding in sorted(moment.findings, key=lambda one: (one.severity < Severity.MEDIUM, one.began, one.id)):
        matching = sorted(_matching(cases, finding), key=lambda case: (case.incident.began, case.incident.id))
        if matching:
            case = matching[0]
            for other in matching[1:]:
                case = joined(case, cases.pop(other.incident.id), kinds)
                touched.discard(other.incident.id)
                absorbed.append(_absorbed(other, case, finding.noticed))
            case = with_finding(case, finding, kinds)
        elif _opens(finding):
            case = opened(finding, kinds)
        else:
            continue
        cases[case.incident.id] = case
        touched.add(case.incident.id)
    for decision in moment.decisions:
        touched.update(_decided(cases, decision, changes.get(decision.id, [])))
    return [*absorbed, *(cases[name].incident for name in sorted(touched))]


def _opens(finding: Finding) -> bool:
    """Whether it makes an incident of its own: what merely stands or is new does so only as a sign of compromise."""
    return finding.severity >= Severity.MEDIUM and (finding.family not in STANDING or finding.compromise)


def _matching(cases: dict[str, Case], finding: Finding) -> list[Case]:
    return [case for case in cases.values() if belongs(case, finding)]


def _absorbed(case: Case, into: Case, time: int) -> Incident:
    title = f"Part of another incident: {into.incident.title}"
    return replace(case.incident, title=title, closed=time)


def _decided(cases: dict[str, Case], decision: Decision, changes: list[Change]) -> list[str]:
    """Adds a decision and its changes to the open incidents of its device."""
    names = sorted(name for name, case in cases.items() if decision.device in case.incident.devices)
    for name in names:
        case = with_decision(cases[name], decision)
        for change in sorted(changes, key=lambda one: one.id):
            case = with_event(case, Event(decision.time, "change", change.id, decision.device, _said(change)))
        cases[name] = case
    return names


def _said(change: Change) -> str:
    verb = "Would run" if change.simulated else "Ran"
    count = change.does.count("\n") + 1
    return f"{verb} {count} {change.backend} {'command' if count == 1 else 'commands'}"
