"""The shape of a baseline, and how it is put in words: "talks to 7 places, mostly every 60 s"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import Final

from cordon.model.baseline import Baseline, Habit, Measure, What
from cordon.model.kinds import KIND
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND
from cordon.shapes.entries import iso

KINDS: Final[dict[What, tuple[str, str]]] = {
    What.PLACE: ("place", "talks to {} on the Internet"),
    What.PEER: ("peer", "talks with {} in its own network"),
    What.ASKS: ("service used", "uses {}"),
    What.OFFERS: ("service offered", "offers {}"),
    What.FINGERPRINT: ("TLS fingerprint", "says hello in {} of TLS"),
    What.LOGIN: ("sign-in", "signs in or is signed into in {}"),
    What.OPERATION: ("operation", "asks controllers for {}"),
}
"""Each kind of habit: what one is called, and the sentence about several; in the order in which people are told."""
_NOUNS: Final = {
    What.PLACE: "place",
    What.PEER: "peer",
    What.ASKS: "service",
    What.OFFERS: "service",
    What.FINGERPRINT: "way",
    What.LOGIN: "way",
    What.OPERATION: "operation",
}
MEASURED: Final = {
    "bytes sent": "sent in an hour",
    "bytes got": "got in an hour",
    "flow sent": "sent to one peer in 10 s",
    "flow got": "got from one peer in 10 s",
    "questions": "DNS questions in an hour",
    "domains": "different domains in an hour",
    "failures": "failed DNS answers in an hour",
}
"""How each of `cordon.model.baseline.MEASURES` is put."""


@dataclass(frozen=True, slots=True)
class HabitEntry:
    """One thing that is normal. `what` is place, asks, offers, peer, fingerprint, login or operation; `expected` (0–1)
    how far it is to be expected; `days` on which it was seen, 0 where only `kin` others of its kind do so; `period` the
    usual seconds between two beginnings (null without a rhythm), `regular` (0–1) how many lie near it; `low` and `high`
    bound the values of an operation."""

    what: str
    key: str
    name: str
    expected: float
    first: str | None
    last: str | None
    days: int
    kin: int
    period: float | None
    regular: float
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """Quantiles (5, 50, 95 %) of a measure, each within 12.3 %: bytes sent and got an hour, also by `hour` of the day
    or by `weekday` (0 is Monday; UTC), bytes to and from one peer and port in ten seconds, DNS questions, domains and
    failures an hour."""

    what: str
    hour: int | None
    weekday: int | None
    low: int
    mid: int
    high: int


@dataclass(frozen=True, slots=True)
class NormalEntry:
    """What was learned to be normal for a device up to `time`, from `hours` of presence; `says` puts it in words.
    `group` names its `kin`: a maker and model, or a kind. `learned` is false, and all else empty, before the first
    hour."""

    device: str
    device_name: str
    learned: bool
    time: str | None
    since: str | None
    hours: int
    confidence: float
    group: str
    kin: int
    says: list[str]
    habits: list[HabitEntry]
    measures: list[MeasureEntry]


def normal_entry(device: str, device_name: str, one: Baseline | None, names: Mapping[str, str]) -> NormalEntry:
    """A baseline as it is printed; `names` are those of the devices among its peers."""
    if one is None:
        return NormalEntry(device, device_name, False, None, None, 0, 0.0, "", 0, says(None), [], [])
    return NormalEntry(
        device=device,
        device_name=device_name,
        learned=True,
        time=iso(one.time),
        since=iso(one.since),
        hours=one.hours,
        confidence=one.confidence / 1000,
        group=one.group,
        kin=one.kin,
        says=says(one),
        habits=[_habit_entry(habit, names) for habit in one.habits],
        measures=[_measure_entry(measure) for measure in one.measures],
    )


def _habit_entry(one: Habit, names: Mapping[str, str]) -> HabitEntry:
    return HabitEntry(
        what=one.what.name.lower(),
        key=one.key,
        name=names.get(one.key, one.key),
        expected=one.expected / 1000,
        first=iso(one.first),
        last=iso(one.last),
        days=one.days,
        kin=one.kin,
        period=one.period / SECOND if one.period else None,
        regular=one.regular / 1000,
        low=one.low,
        high=one.high,
    )


def _measure_entry(one: Measure) -> MeasureEntry:
    hour, weekday = (None if at < 0 else at for at in (one.hour, one.weekday))
    return MeasureEntry(one.what, hour, weekday, one.low, one.mid, one.high)


def peers_of(one: Baseline | None) -> set[str]:
    """The ids of devices that a baseline speaks of."""
    return {habit.key for habit in one.habits if habit.what is What.PEER} if one else set()


def says(one: Baseline | None) -> list[str]:
    """What is normal, in sentences whose subject is the device."""
    if one is None:
        return ["Nothing is learned yet: it takes a whole hour of traffic, and the beginning of the next."]
    told = []
    for what, (_, sentence) in KINDS.items():
        own = [habit for habit in one.habits if habit.what is what and habit.days]
        if own:
            said = sentence.format(_many(len(own), _NOUNS[what]))
            told.append(f"{said}{_mostly(own)}")
    sent, got = (_overall(one, what) for what in ("bytes sent", "bytes got"))
    if sent and got:
        told.append(f"sends about {_size(sent.mid)} and gets about {_size(got.mid)} an hour")
    expects = sum(1 for habit in one.habits if not habit.days)
    if expects:
        told.append(f"{_many(expects, 'thing')} more {'is' if expects == 1 else 'are'} usual for its kind")
    return told


def _mostly(habits: list[Habit]) -> str:
    rhythms = [habit.period for habit in habits if habit.period]
    return f", mostly every {rhythm_says(median_low(rhythms))}" if 2 * len(rhythms) >= len(habits) and rhythms else ""


def kin_says(one: Baseline) -> str:
    """How many others like it there are, and what they are; "" without any."""
    group = KIND[one.group].says if one.group in KIND else one.group
    return f"{_many(one.kin, 'other')} like it ({group})" if one.kin else ""


def rhythm_says(period: int) -> str:
    """A time between two beginnings (µs): 60 s, 12 min, 3 h, 2 days."""
    for unit, name, least in ((DAY, "days", 2 * DAY), (HOUR, "h", 2 * HOUR), (MINUTE, "min", 2 * MINUTE)):
        if period >= least:
            return f"{round(period / unit)} {name}"
    return f"{round(period / SECOND)} s"


def overall(one: Baseline) -> Iterable[Measure]:
    """The measures that are not told apart by hour or day."""
    return (measure for measure in one.measures if measure.hour < 0 and measure.weekday < 0)


def _overall(one: Baseline, what: str) -> Measure | None:
    return next((measure for measure in overall(one) if measure.what == what), None)


def _many(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"


def _size(octets: int) -> str:
    value, units = float(octets), ("B", "kB", "MB", "GB", "TB")
    for unit in units:
        if value < 1000 or unit == units[-1]:
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
