"""What was learned as facts: told every few hours when a device is new, later after each day of presence."""

from dataclasses import replace
from typing import Any, Final

import polars as pl

from cordon.detect.baseline import kin
from cordon.detect.baseline.memory import FEW, INTO, LEARNED, Baselines
from cordon.detect.baseline.sketch import MIDDLES, quantiles
from cordon.model.baseline import MEASURES, Baseline, Habit, Measure, What
from cordon.model.tables import HOUR, STEP

EARLY: Final = {0: 1, 1: 2, 2: 3, 3: 6, 6: 12}
"""After how many learned hours a baseline is told again, by the hours when it was told last; later after a day's."""
MANY: Final = 1_000
"""At most so many are told in an hour, those first that know least."""
SHARES = (50, 500, 950)
LIKELY = 200
"""A habit that only kin have is told from this share on, thousandths."""
REGULAR = 300
"""Of the times between beginnings so many must lie near each other to be a rhythm, thousandths."""


def told(baselines: Baselines, site: str, hour: int) -> tuple[Baselines, tuple[Baseline, ...]]:
    """The baselines that are due at the end of the hour that began at `hour` (µs), sorted by device."""
    now = baselines.learned.filter(pl.col("last") == hour // HOUR)
    again = pl.col("told").replace_strict(EARLY, default=pl.col("told") + 24, return_dtype=pl.UInt32)
    due = now.filter(pl.col("hours") >= again).sort("told", "number").head(MANY)
    if due.is_empty():
        return baselines, ()
    marked = baselines.learned.join(due.select("device", due=pl.lit(True)), on="device", how="left")
    said = pl.when(pl.col("due").fill_null(False)).then("hours").otherwise("told")
    kept = replace(baselines, learned=marked.with_columns(told=said).select(*LEARNED).sort("device"))
    return kept, baselines_of(kept, due.select("device"), site, hour + HOUR)


def baselines_of(baselines: Baselines, devices: pl.DataFrame, site: str, time: int) -> tuple[Baseline, ...]:
    """The baselines of devices of which something was learned."""
    learned = baselines.learned.join(devices, on="device", how="semi").sort("device")
    expected = kin.expected(baselines, learned).join(learned.select("device", "number"), on="device")
    for more, by, how in (
        (baselines.words, ["word"], "inner"),
        (baselines.values, ["number", "word"], "left"),
        (_rhythms(baselines.gaps, learned), ["number", "word"], "left"),
    ):
        expected = expected.join(more, on=by, how=how)  # type: ignore[arg-type]  # one of these
    ranked = expected.sort("device", "what", "expected", "weight", "text", descending=[False, False, True, True, False])
    habits: dict[str, list[Habit]] = {}
    for row in ranked.iter_rows(named=True):
        if row["days"] or row["expected"] >= LIKELY:
            habits.setdefault(row["device"], []).append(_habit(row))
    kin_of = baselines.groups.join(learned, on="device", how="semi").select("device", "group", "members").iter_rows()
    groups = {device: (group, members - 1) for device, group, members in kin_of}
    measures = _measures(baselines, learned)
    facts = []
    for number, device, since, _, hours, _ in learned.iter_rows():
        group, others = groups.get(device, ("", 0))
        facts.append(
            Baseline(
                device=device,
                site=site,
                time=time,
                since=since * HOUR,
                hours=hours,
                confidence=kin.confidence(hours, others),
                group=group,
                kin=others,
                habits=tuple(habits.get(device, ())),
                measures=measures.get(number, ()),
            )
        )
    return tuple(facts)


def _habit(row: dict[str, Any]) -> Habit:
    numbers = {name: int(row[name] or 0) for name in ("expected", "first", "last", "days", "devices")}
    regular = int(row["regular"] or 0)
    period = int(row["period"] or 0) if regular >= REGULAR else 0
    return Habit(
        what=What(row["what"]),
        key=str(row["text"]),
        expected=numbers["expected"],
        first=numbers["first"] * STEP,
        last=numbers["last"] * STEP,
        days=numbers["days"],
        kin=numbers["devices"],
        period=period * STEP // 1000,
        regular=regular if period else 0,
        low=_number(row["low"]),
        high=_number(row["high"]),
    )


def _number(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else ""


def _rhythms(gaps: pl.DataFrame, learned: pl.DataFrame) -> pl.DataFrame:
    """The usual time between two beginnings: the mean in the two octaves next to each other that hold most gaps.

    Returns:
        number, word, period (thousandths of a step), regular (the share of gaps in these octaves, thousandths), for
        places with three gaps or more.
    """
    mine = gaps.join(learned.select("number"), on="number", how="semi").sort("number", "word", "octave")
    mine = mine.with_columns(pl.col("count", "total").cast(pl.Int64))
    follows = (pl.col("octave").shift(-1) == pl.col("octave") + 1).over("number", "word")
    pairs = mine.with_columns(
        all=pl.col("count").sum().over("number", "word"),
        **{
            name: pl.col(name) + pl.when(follows).then(pl.col(name).shift(-1).over("number", "word")).otherwise(0)
            for name in ("count", "total")
        },
    ).sort("number", "word", "count", "octave", descending=[False, False, True, False])
    best = pairs.unique(["number", "word"], keep="first", maintain_order=True).filter(pl.col("all") >= 3 * FEW)
    return best.select(
        "number",
        "word",
        period=1000 * pl.col("total") // pl.col("count"),
        regular=1000 * pl.col("count") // pl.col("all"),
    )


def _measures(baselines: Baselines, learned: pl.DataFrame) -> dict[int, tuple[Measure, ...]]:
    """Quantiles: of volumes by the hour of the day, by the day of the week and in all, of all else in all."""
    volumes = baselines.volumes.join(learned.select("number"), on="number", how="semi").select(
        "number",
        what=pl.when(pl.col("bucket") < INTO).then(0).otherwise(1).cast(pl.UInt8),
        hour=(pl.col("slot") % 24).cast(pl.Int64),
        weekday=(pl.col("slot") // 24).cast(pl.Int64),
        bucket=pl.col("bucket") % INTO,
        count=pl.col("count").cast(pl.UInt32),
    )
    none = pl.lit(-1, pl.Int64)
    rest = baselines.measures.join(learned.select("number"), on="number", how="semi")
    rest = rest.select("number", "what", hour=none, weekday=none, bucket="bucket", count="count")
    rows = pl.concat(
        [
            volumes.with_columns(hour=none, weekday=none),
            volumes.with_columns(weekday=none),
            volumes.with_columns(hour=none),
            rest,
        ]
    )
    found: dict[int, list[Measure]] = {}
    for number, what, hour, weekday, *at in quantiles(rows, ("number", "what", "hour", "weekday"), SHARES).iter_rows():
        low, mid, high = (MIDDLES[bucket] for bucket in at)
        found.setdefault(number, []).append(Measure(MEASURES[what], low, mid, high, hour, weekday))
    return {number: tuple(several) for number, several in found.items()}
