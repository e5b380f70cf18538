"""The stage: talks, rhythm and findings of a window, step by step of ten seconds but all steps at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import polars as pl

from cordon.detect import verdicts
from cordon.detect.baseline import fold, hearing, kin, saying
from cordon.detect.baseline.hour import Hour, hour_of
from cordon.detect.detector import Detector
from cordon.detect.detectors import DETECTORS
from cordon.detect.features import Features, names, novelty, periodicity, rhythm
from cordon.detect.features.talks import talks_of
from cordon.detect.knowledge import Knowledge
from cordon.detect.state import Sign, State
from cordon.model import sides
from cordon.model.baseline import Baseline
from cordon.model.device import DeviceEvent, Turn
from cordon.model.facts import RHYTHM, TALKS, Facts
from cordon.model.finding import Finding, Severity
from cordon.model.ids import derive
from cordon.model.tables import DAY, HOUR, STEP
from cordon.model.verdict import standing
from cordon.model.window import Window

FORGOTTEN = 30 * DAY
"""What a device has not met for so long is new again."""


@cache
def shipped() -> tuple[Detector, ...]:
    """All registered detectors with their default settings."""
    return tuple(detector() for detector in DETECTORS)


def chosen(settings: Mapping[str, Mapping[str, int]]) -> tuple[Detector, ...]:
    """All registered detectors, with settings by detector id.

    Raises:
        ValueError: there is no such detector or setting, or a value is out of its range.
    """
    if unknown := sorted(set(settings) - {detector.id for detector in DETECTORS}):
        raise ValueError(f"there is no detector {unknown[0]}")
    return tuple(detector(**settings.get(detector.id, {})) for detector in DETECTORS)


Look = Callable[[Detector, Features], Iterable[Finding]]


def look(detector: Detector, seen: Features) -> Iterable[Finding]:
    """What a detector finds; the pipeline puts in its place what isolates a failing one."""
    return detector.look(seen)


def step(
    state: State,
    facts: Facts,
    detectors: tuple[Detector, ...] | None = None,
    knowledge: Knowledge | None = None,
    look: Look = look,
) -> tuple[State, Facts]:
    """Judges the window of `facts`, which is whole steps; their number does not matter to the outcome.

    Reads `facts.window`, `facts.devices`, `facts.bindings` and `facts.events`; adds `talks`, `rhythm` and `findings`.
    """
    silent = not any(len(rows) for rows in facts.window.tables.values())
    if silent and not (facts.devices or facts.bindings or facts.verdicts):
        return state, replace(facts, talks=pl.DataFrame(schema=TALKS), rhythm=pl.DataFrame(schema=RHYTHM))
    state = replace(
        state,
        bindings=sides.fold_bindings(state.bindings, facts.bindings),
        devices=sides.fold_devices(state.devices, facts.devices),
        likes=kin.fold_likes(state.likes, facts.devices),
    )
    if facts.window.begin == facts.window.end:  # people spoke; no time passed
        state = verdicts.taken(state, facts.verdicts, facts.window.end)
        return state, replace(facts, talks=pl.DataFrame(schema=TALKS), rhythm=pl.DataFrame(schema=RHYTHM))
    parts = shipped() if detectors is None else detectors
    knowledge = knowledge or Knowledge()
    talks, rhythms, findings, baselines = [], [], list(facts.findings), list(facts.baselines)
    joins = _joins(facts.events)
    for part in _in_parts(facts.window, joins):
        for join in joins.get(part.begin, ()):
            state = replace(
                state,
                known=novelty.follow(state.known, join.other, join.device),
                baselines=fold.follow(state.baselines, join.other, join.device),
                verdicts=verdicts.moved(state.verdicts, join),
            )
        events = tuple(one for one in facts.events if part.begin < one.time <= part.end)
        hour = part.begin - part.begin % HOUR
        if hour > state.hour:
            state, learned = _turn_hour(state, hour, part.site)
            baselines += learned
        state, heard, cells, found = _judge(state, part, parts, knowledge, look, events)
        talks.append(heard)
        rhythms.append(cells)
        findings += found
    findings.sort(key=lambda one: (one.noticed, one.id))
    return state, replace(
        facts,
        talks=pl.concat(talks),
        rhythm=pl.concat(rhythms),
        findings=tuple(findings),
        baselines=tuple(baselines),
    )


def _joins(events: Iterable[DeviceEvent]) -> dict[int, list[DeviceEvent]]:
    """Which devices became part of which others, by the step from which on that holds."""
    joins: dict[int, list[DeviceEvent]] = {}
    for event in events:
        if event.what is Turn.JOINED:
            joins.setdefault(event.time // STEP * STEP, []).append(event)
    return joins


def _in_parts(window: Window, cuts: Iterable[int]) -> Iterator[Window]:
    """The window in parts of which none crosses an hour or one of `cuts`; rows that came late stay in the first."""
    begin = window.begin
    while begin < window.end:
        end = min(window.end, begin - begin % HOUR + HOUR, *(cut for cut in cuts if cut > begin))
        low = None if begin == window.begin else begin
        high = None if end == window.end else end
        if low is None and high is None:
            yield window
            return
        tables = {name: _between(rows, low, high) for name, rows in window.tables.items()}
        yield Window(window.site, begin, end, tables)
        begin = end


def _between(rows: pl.DataFrame, low: int | None, high: int | None) -> pl.DataFrame:
    if low is not None:
        rows = rows.filter(pl.col("step") >= low)
    return rows if high is None else rows.filter(pl.col("step") < high)


def _judge(
    state: State,
    window: Window,
    detectors: tuple[Detector, ...],
    knowledge: Knowledge,
    look: Look,
    events: tuple[DeviceEvent, ...],
) -> tuple[State, pl.DataFrame, pl.DataFrame, list[Finding]]:
    hour = window.begin - window.begin % HOUR
    state = replace(state, names=names.learn_names(state, window.table("dns")))
    talks = talks_of(window.table("flows"), state)
    talks, flow_names = names.name_talks(talks, state)
    seen = Features(state, window, talks, knowledge, events)
    scanners = _scanners(state, knowledge)
    episodes = dict(state.episodes)
    firsts = (one for one in detectors if not one.second)
    looked = ((by, one) for by, one in _look(firsts, seen, look) if by.family != "scan" or one.device not in scanners)
    found = _gate(verdicts.marked(looked, seen), episodes, window.site)
    seen.signs = (*state.signs, *_signs(found))
    second = _look((one for one in detectors if one.second), seen, look)
    found += _gate(verdicts.marked(second, seen), episodes, window.site)
    running = rhythm.add_talks(state.running, talks, hour)
    cells = rhythm.rhythm_of(running, state.bounds, state.usual, talks["device"])
    state = replace(
        state,
        flow_names=flow_names,
        links=seen.links,
        questions=seen.questions,
        tries=seen.tries,
        claims=seen.claims,
        asked=seen.asked,
        known=seen.known,
        beats=seen.beats,
        tallies=seen.tallies,
        running=running,
        heard=hearing.heard(state.heard, seen),
        episodes=episodes,
        signs=(*state.signs, *_signs(found)),
    )
    return state, talks.select(*TALKS), cells, found


def _scanners(state: State, knowledge: Knowledge) -> frozenset[str]:
    """The devices that look around by their office, as their owner declared."""
    if not knowledge.scanners:
        return frozenset()
    declared = sorted(knowledge.scanners)
    by_mac = state.bindings.filter(pl.col("endpoint").is_in(declared))["device"]
    by_ip = state.devices.filter(pl.col("ips").list.eval(pl.element().is_in(declared)).list.any())["device"]
    return frozenset({*by_mac, *by_ip})


def _look(detectors: Iterable[Detector], seen: Features, look: Look) -> Iterator[tuple[Detector, Finding]]:
    for detector in detectors:
        if not detector.reads or seen.brings(detector.reads):
            for finding in look(detector, seen):
                yield detector, finding


def _gate(looked: Iterable[tuple[Detector, Finding]], episodes: dict[str, int], site: str) -> list[Finding]:
    """The first finding of each episode. Findings arrive per step; one that follows another of the same behaviour
    within its detector's span only keeps the episode going. What is accepted makes episodes of its own, and hides
    nothing that is not."""
    kept = []
    for detector, finding in sorted(looked, key=lambda pair: (pair[1].noticed, pair[1].id)):
        episode = f"{finding.id} {finding.accepted}".rstrip()
        if finding.noticed > episodes.get(episode, 0):
            kept.append(replace(finding, site=site, id=derive("finding", site, finding.id, finding.began)))
        episodes[episode] = max(episodes.get(episode, 0), finding.noticed + max(detector.span, STEP))
    return kept


def _signs(found: list[Finding]) -> tuple[Sign, ...]:
    return tuple(
        Sign(
            one.device, one.detector, one.noticed, one.compromise or one.severity >= Severity.HIGH, verdicts.named(one)
        )
        for one in found
        if not one.accepted
    )


def _turn_hour(state: State, hour: int, site: str) -> tuple[State, tuple[Baseline, ...]]:
    """Learns the hour that is over and forgets what is past its time; with the baselines that are due."""
    suspects = sorted({sign.device for sign in state.signs if sign.strong and sign.noticed > state.hour})
    over = end_of(state) if state.hour else None
    baselines = state.baselines if over is None else kin.with_kin(fold.learn(state.baselines, over), state.likes, hour)
    days = hour // DAY - state.hour // DAY if state.hour else 0
    usual = rhythm.close_hour(state.running, rhythm.fade(state.usual, days), state.hour, suspects)
    baselines, told = saying.told(baselines, site, state.hour)
    bindings, devices = sides.at_hour(state.bindings, state.devices, hour)
    turned = replace(
        state,
        hour=hour,
        running=state.running.clear(),
        heard=state.heard.clear(),
        beats=periodicity.bounded(state.beats, hour),
        usual=usual,
        bounds=rhythm.bounds_of(baselines, hour),
        baselines=baselines,
        devices=devices,
        bindings=bindings,
        likes=kin.likes_at(state.likes, hour),
        names=names.forget_names(state.names, hour),
        flow_names=state.flow_names.filter(pl.col("seen") >= hour - HOUR),
        known=novelty.forget(state.known, hour - FORGOTTEN),
        episodes={what: until for what, until in state.episodes.items() if until >= hour},
        signs=tuple(sign for sign in state.signs if sign.noticed > hour - DAY),
        verdicts=standing(state.verdicts, hour),
    )
    return verdicts.unlearned(turned) if days else turned, told


def end_of(state: State) -> Hour:
    """What is learned of the hour that was watched."""
    return hour_of(
        state.hour,
        running=state.running,
        heard=state.heard,
        links=state.links,
        tries=state.tries,
        services=state.known,
        signs=state.signs,
        rejected=verdicts.rejected_of(state),
    )
