"""What is normal for a device, as its page shows it."""

from dataclasses import dataclass

from cordon.model.baseline import Baseline, Habit, Measure
from cordon.model.device import Device
from cordon.shapes import normal
from cordon.store import Store


@dataclass(frozen=True, slots=True)
class Row:
    """A habit in words."""

    kind: str
    name: str
    device: str  # its id, where the habit is of one of ours
    expected: int  # per cent
    rhythm: str
    days: int
    last: int  # µs; 0: it never did, `kin` of its kind do
    kin: int


@dataclass(frozen=True, slots=True)
class Usual:
    """A baseline in words and rows; `learned` is None while nothing was learned."""

    learned: Baseline | None
    says: str
    rows: tuple[Row, ...]
    hours: tuple[tuple[int, Measure | None, Measure | None], ...]  # hour of the day, sent, got


def usual_of(store: Store, device: Device) -> Usual:
    """What is normal for the device."""
    learned = store.baseline(device.id)
    told = "; ".join(normal.says(learned))
    says = f"{told[:1].upper()}{told[1:].rstrip('.')}."
    if learned is None:
        return Usual(None, says, (), ())
    names = store.device_names(normal.peers_of(learned))
    order = list(normal.KINDS)
    ranked = sorted(learned.habits, key=lambda one: (order.index(one.what), -one.expected))
    by_hour = {(one.what, one.hour): one for one in learned.measures if one.hour >= 0}
    hours = tuple(
        (hour, by_hour.get(("bytes sent", hour)), by_hour.get(("bytes got", hour)))
        for hour in sorted({hour for _, hour in by_hour})
    )
    return Usual(learned, says, tuple(_row(one, names) for one in ranked), hours)


def _row(one: Habit, names: dict[str, str]) -> Row:
    values = f", {one.low} to {one.high}" if one.low else ""
    return Row(
        kind=normal.KINDS[one.what][0],
        name=names.get(one.key, one.key) + values,
        device=one.key if one.key in names else "",
        expected=one.expected // 10,
        rhythm=f"every {normal.rhythm_says(one.period)}" if one.period else "",
        days=one.days,
        last=one.last,
        kin=one.kin,
    )
