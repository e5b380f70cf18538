"""An incident told as a story: chapters of what came about, each line said once, decisions with what they would do."""

from dataclasses import dataclass, replace
from typing import Final

from cordon.model.decision import Change
from cordon.model.finding import Finding, Severity
from cordon.model.incident import Event, Incident
from cordon.server.console import words
from cordon.store import DeviceView, Store

CHAPTERS: Final = {
    "brute-force": "Broken into",
    "exploit": "Broken into",
    "exposure": "Broken into",
    "download": "Fetched tools",
    "scan": "Looked around",
    "spread": "Spread",
    "command-and-control": "Called home",
    "tunnel": "Took data",
    "exfiltration": "Took data",
    "man-in-the-middle": "Attacked others",
    "ot": "Attacked others",
    "flood": "Attacked others",
    "abuse": "Worked for strangers",
}
"""Families of findings; one that is not listed, and what was decided, belongs to what goes on around it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a story. `weight` is quiet, plain or loud; `is_again` tells that the line before has its device."""

    at: str
    after: str
    device: str
    says: str
    view: DeviceView | None = None
    weight: str = "plain"
    is_again: bool = False
    finding: str = ""
    has_rows: bool = False
    decision: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """What came about in a stretch of the story."""

    title: str
    lines: tuple[Told, ...]


def tell(store: Store, incident: Incident, views: dict[str, DeviceView]) -> tuple[Chapter, ...]:
    """The story in order of time. What a decision would change stands with the decision."""
    events = [event for event in sorted(incident.events, key=lambda event: event.time) if event.what != "change"]
    findings = {event.source: store.finding(event.source) for event in events if event.what == "finding"}
    titles = _titles(events, findings)
    chapters: list[tuple[str, list[Told]]] = []
    before = ""
    for event, title in zip(events, titles, strict=True):
        if not chapters or chapters[-1][0] != title:
            chapters.append((title, []))
            before = ""
        changes = store.changes(decision=event.source) if event.what == "decision" else ()
        line = _line(event, incident, findings.get(event.source), is_again=event.device == before)
        chapters[-1][1].append(replace(line, view=views.get(event.device), changes=changes))
        before = event.device
    return tuple(Chapter(title, tuple(lines)) for title, lines in chapters)


def _titles(events: list[Event], findings: dict[str, Finding | None]) -> list[str]:
    """The chapter of each event: its own, else that of what the same device does next, else that before it."""
    own = [CHAPTERS.get(found.family, "") if (found := findings.get(event.source)) else "" for event in events]
    titles: list[str] = []
    for at, event in enumerate(events):
        before = titles[-1] if titles else ""
        ahead = (title for title, later in zip(own[at:], events[at:], strict=True) if later.device == event.device)
        titles.append(before if event.what == "decision" else next(filter(None, ahead), before))
    return titles


def _line(event: Event, incident: Incident, finding: Finding | None, *, is_again: bool) -> Told:
    after = event.time - incident.began
    decided = event.what == "decision"
    severity = finding.severity if finding else Severity.MEDIUM
    loud = decided or severity >= Severity.HIGH
    return Told(
        at=words.clock(event.time, incident.began),
        after=f"{words.span(after)} after" if after > 0 else "the beginning",
        device=event.device,
        says=words.capital(event.says) if is_again else words.going_on(event.says),
        weight="loud" if loud else "quiet" if severity <= Severity.LOW else "plain",
        is_again=is_again,
        finding=finding.id if finding else "",
        has_rows=finding is not None and finding.rows is not None,
        decision=event.source if decided else "",
    )
