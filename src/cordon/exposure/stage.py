"""The stage: what the steps of a window show of weak settings, and what therefore stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from cordon.exposure.check import Check, Sign
from cordon.exposure.checks import CHECKS
from cordon.exposure.habits import follow
from cordon.exposure.knowledge import Knowledge
from cordon.exposure.ledger import KEPT, Ledger
from cordon.exposure.network import clocks_of, given_of
from cordon.exposure.shared import Shared
from cordon.exposure.sight import Sight
from cordon.exposure.state import State
from cordon.model import sides
from cordon.model.device import DeviceEvent, Turn
from cordon.model.facts import Facts
from cordon.model.tables import HOUR, STEP


@cache
def shipped() -> tuple[Check, ...]:
    """All registered checks with their default settings."""
    return tuple(check() for check in CHECKS)


def chosen(settings: Mapping[str, Mapping[str, int]]) -> tuple[Check, ...]:
    """All registered checks, with settings by check id.

    Raises:
        ValueError: there is no such check or setting, or a value is out of its range.
    """
    if unknown := sorted(set(settings) - {check.id for check in CHECKS}):
        raise ValueError(f"there is no check {unknown[0]}")
    return tuple(check(**settings.get(check.id, {})) for check in CHECKS)


Look = Callable[[Check, Sight], Iterable[Sign]]


def look(check: Check, seen: Sight) -> Iterable[Sign]:
    """What a check sees; the pipeline puts in its place what isolates a failing one."""
    return check.look(seen)


def step(
    state: State,
    facts: Facts,
    checks: tuple[Check, ...] | None = None,
    knowledge: Knowledge | None = None,
    look: Look = look,
) -> tuple[State, Facts]:
    """Judges the window of `facts`, which is whole steps; their number does not matter to the outcome.

    Reads `facts.window`, `talks`, `devices`, `bindings`, `events` and `acceptances`; adds `exposures`.
    """
    window, parts = facts.window, shipped() if checks is None else checks
    if facts.devices or facts.bindings:
        state = replace(
            state,
            bindings=sides.fold_bindings(state.bindings, facts.bindings),
            devices=sides.fold_devices(state.devices, facts.devices),
        )
    busy = any(len(rows) for rows in window.tables.values())
    due = 0 < state.due <= window.end
    if not (busy or due or facts.events or facts.acceptances):
        return replace(state, clock=max(state.clock, window.end)), facts
    ledger = Ledger(state.standing, window.site, {check.id: check for check in parts})
    shared = Shared(state.shared)
    signs: list[Sign] = []
    if busy:
        habits, judged = follow(facts.talks, state.habits)
        given, clocks = given_of(window, state.given), clocks_of(facts.talks, state.clocks)
        state = replace(state, given=given, clocks=clocks, habits=habits)
        signs = _signs(parts, Sight(state, window, facts.talks, knowledge or _known(), shared, judged), look)
    _take(ledger, signs, _joins(facts.events), shared)
    if due:
        ledger.pass_time(window.end)
    for word in sorted(facts.acceptances, key=lambda one: (one.time, one.exposure)):
        ledger.say(word, max(state.clock, window.end))
    hour = window.end - window.end % HOUR
    if hour > state.hour:
        ledger.forget(hour - KEPT)
        bindings, devices = sides.at_hour(state.bindings, state.devices, hour)
        state = replace(state, hour=hour, bindings=bindings, devices=devices)
    told = sorted(ledger.told, key=lambda one: (one.time, one.id))
    state = replace(
        state,
        clock=max(state.clock, window.end),
        due=ledger.due() if due else _earlier(state.due, ledger.least),
        standing=ledger.standing,
        shared=shared.known,
    )
    return state, replace(facts, exposures=tuple(told))


@cache
def _known() -> Knowledge:
    """What is known without a key of secrets."""
    return Knowledge()


def _earlier(known: int, fresh: int) -> int:
    """The earlier of two times, of which 0 is never. What is seen again is due later: then it is looked in vain."""
    return min(known, fresh) if known and fresh else known or fresh


def _signs(checks: Iterable[Check], seen: Sight, look: Look) -> list[Sign]:
    """All signs in the order of their steps; of one thing in one step the weakness counts and not its opposite."""
    signs: dict[tuple[int, str, str, str], Sign] = {}
    for check in checks:
        if not seen.brings(check.reads):
            continue
        concerned = seen.stands(check.id)
        for sign in look(check, seen):
            if not sign.proper:
                concerned.add(sign.device)
            elif sign.device not in concerned:
                continue  # there is nothing to be repaired
            key = (sign.step, sign.check, sign.device, sign.about)
            there = signs.get(key)
            if there is None:
                signs[key] = sign
            elif there.proper <= sign.proper and sign.peers == there.peers and _weight(sign) <= _weight(there):
                continue  # nearly always
            else:
                first, other = (sign, there) if _weight(sign) > _weight(there) else (there, sign)
                both = tuple(sorted({*first.peers, *other.peers}))
                signs[key] = first if first.peers == both or first.proper else replace(first, peers=both)
    return [signs[key] for key in sorted(signs)]


def _weight(sign: Sign) -> tuple[bool, int, int]:
    return not sign.proper, int(sign.severity), int(sign.reach)


def _joins(events: Iterable[DeviceEvent]) -> list[DeviceEvent]:
    """What became parts of others, in the order of the steps from which on that holds."""
    return sorted((one for one in events if one.what is Turn.JOINED), key=lambda one: (one.time, one.device, one.other))


def _take(ledger: Ledger, signs: Iterable[Sign], joins: list[DeviceEvent], shared: Shared) -> None:
    waiting: Iterator[DeviceEvent] = iter(joins)
    join = next(waiting, None)
    for sign in signs:
        while join is not None and join.time // STEP * STEP <= sign.step:
            ledger.move(join.other, join.device, join.time)
            join = next(waiting, None)
        ledger.take(sign)
    while join is not None:
        ledger.move(join.other, join.device, join.time)
        join = next(waiting, None)
    shared.forget(one.other for one in joins)
