"""The trust stage: takes devices, findings, exposures and who was seen; yields how far each is trusted, and why."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

import polars as pl

from cordon.model.device import Device, Turn
from cordon.model.exposure import Exposure
from cordon.model.facts import Facts
from cordon.model.finding import Finding
from cordon.model.tables import HOUR
from cordon.model.trust import Trust
from cordon.trust.evidence import Piece, piece_of
from cordon.trust.known import Known, accept, judge, pass_hour, quiet
from cordon.trust.settings import DEFAULT, TrustSettings
from cordon.trust.weakness import taken_in


@dataclass(frozen=True, slots=True)
class State:
    """All devices that trust knows, by id, and how far time has come (µs)."""

    known: dict[str, Known] = field(default_factory=dict)
    clock: int = 0


@dataclass(slots=True)
class Moment:
    """What comes for one device at one time."""

    devices: list[Device] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    inherited: tuple[Piece, ...] = ()  # evidence against a device that became a part of it
    confirms: bool = False
    forgiven: list[str] = field(default_factory=list)  # findings that a person lives with


@dataclass(slots=True)
class News:
    """What a step brings for one device: facts by their time, and the hours in which it was seen."""

    moments: dict[int, Moment] = field(default_factory=lambda: defaultdict(Moment))
    hours: list[int] = field(default_factory=list)


def step(state: State, facts: Facts, settings: TrustSettings = DEFAULT) -> tuple[State, Facts]:
    """Adds `Trust` facts: for new devices, at each finding's `noticed`, when an exposure opens, and at epoch-aligned
    hours where evidence fades or trust recovers.

    Each device goes its own way through time: hours that begin in ``state.clock < hour <= window.end``, and the
    times of its own facts. At one time the hour comes first, then identity and profile, then all findings at once;
    so neither the cut of the windows nor the order of evidence shows. A device is known from its first fact on.
    """
    begin = state.clock or facts.window.begin
    news = _news(facts, begin)
    for event in facts.events:
        if event.what is Turn.JOINED and (other := state.known.get(event.other)) is not None:
            news.setdefault(event.device, News()).moments[event.time].inherited += other.pieces
    known, told = dict(state.known), list(facts.trusts)
    for device, brought in news.items():
        one = known.get(device) or Known(device, facts.window.site)
        if not set(brought.hours) <= set(one.unseen):
            one = replace(one, unseen=tuple(sorted({*one.unseen, *brought.hours})))
        known[device] = one
    passes_hour = facts.window.end // HOUR > begin // HOUR
    for device in sorted(known) if passes_hour else sorted(name for name, brought in news.items() if brought.moments):
        brought = news.get(device) or News()
        known[device], trusts = _advance(known[device], brought, begin, facts.window.end, settings)
        told.extend(trusts)
    told.sort(key=lambda trust: (trust.time, trust.device))
    return State(known, max(begin, facts.window.end)), replace(facts, trusts=tuple(told))


def _news(facts: Facts, begin: int) -> dict[str, News]:
    news: dict[str, News] = defaultdict(News)
    for device in facts.devices:
        news[device.id].moments[device.time].devices.append(device)
    for finding in facts.findings:
        if finding.accepted:
            continue
        news[finding.device].moments[finding.noticed].findings.append(finding)
    for word in facts.verdicts:
        if word.fine and not word.withdrawn:
            news[word.device].moments[facts.window.end].forgiven.append(word.finding)
    for exposure in facts.exposures:
        news[exposure.device].moments[exposure.time].exposures.append(exposure)
    for profile in facts.profiles:
        if profile.confirmed:
            news[profile.device].moments[profile.time].confirms = True
    for name, hour in _hours(facts, begin):
        news[name].hours.append(hour)
    return dict(news)


def _hours(facts: Facts, begin: int) -> list[tuple[str, int]]:
    """The hours (numbers since the epoch) in which each device was seen: from the rows of its talks, which are exact
    for windows of any length; where a source has none, from first and last sight. Hours that are over do not count."""
    table, columns = (
        (facts.talks, ["step"]) if facts.talks is not None else (facts.presence, ["first_seen", "last_seen"])
    )
    if table is None or table.is_empty():
        return []
    seen = {row for column in columns for row in table.select("device", pl.col(column) // HOUR).unique().iter_rows()}
    return sorted((device, hour) for device, hour in seen if device and (hour + 1) * HOUR > begin)


def _advance(known: Known, news: News, begin: int, end: int, settings: TrustSettings) -> tuple[Known, list[Trust]]:
    told: list[Trust] = []
    at = begin // HOUR + 1
    for time in sorted(news.moments):
        known, at = _pass_hours(known, at, min(time, end), settings, told)
        known = _meet(known, news.moments[time], max(time, known.time), settings, told)
    known, _ = _pass_hours(known, at, end, settings, told)
    return known, told


def _meet(known: Known, moment: Moment, time: int, settings: TrustSettings, told: list[Trust]) -> Known:
    """Takes in what comes at one time. A better identity alone waits for the next hour."""
    is_new = known.score < 0
    if is_new:
        known = replace(known, band_since=time)
    for device in moment.devices:
        confidence = (device.kind.confidence + device.vendor.confidence) // 2
        known = replace(known, site=device.site, identified=max(0, min(1000, confidence)))
    known = replace(known, confirmed=known.confirmed or moment.confirms)
    fresh = tuple(piece_of(finding, settings) for finding in moment.findings)
    known = accept(known, (*moment.inherited, *fresh), time)
    left = tuple(piece for piece in known.pieces if piece.source not in moment.forgiven)
    forgiven = len(left) < len(known.pieces)
    known = replace(known, pieces=left)
    weak = taken_in(known.weak, sorted(moment.exposures, key=lambda one: one.id), settings)
    worse = {one for one in weak if not one.gone} - {*known.weak}
    if weak != known.weak:
        known = replace(known, weak=weak, stale=known.stale or bool(worse))
    if is_new or fresh or moment.inherited or moment.confirms or worse or forgiven:
        known = _tell(known, time, False, settings, told)
    return known


def _pass_hours(known: Known, at: int, until: int, settings: TrustSettings, told: list[Trust]) -> tuple[Known, int]:
    """Lets hours begin, from number `at` up to the time `until`, and stops where nothing more will change."""
    while at * HOUR <= until:
        if known.score < 0 or quiet(known, settings):
            return known, until // HOUR + 1
        known = _tell(pass_hour(known, at, settings), max(at * HOUR, known.time), True, settings, told)
        at += 1
    return known, at


def _tell(known: Known, time: int, hourly: bool, settings: TrustSettings, told: list[Trust]) -> Known:
    known, trust = judge(known, time, hourly, settings)
    if trust is not None:
        told.append(trust)
    return known
