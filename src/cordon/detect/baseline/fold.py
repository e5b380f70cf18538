"""Learns an hour: what it brings is added to what is remembered, what is old fades, and the bounds are kept."""

from dataclasses import replace
from hashlib import blake2b

import numpy as np
import polars as pl

from cordon.detect.baseline.hour import Hour
from cordon.detect.baseline.memory import (
    BUCKETS,
    CELLS,
    DAYS,
    FEW,
    GAPS,
    GONE,
    HABITS,
    LEARNED,
    LEAST,
    MEASURES,
    MOST,
    OCTAVES,
    UNIT,
    VALUES,
    VOLUMES,
    WORDS,
    Baselines,
)
from cordon.model.tables import DAY, HOUR, STEP

A_DAY = DAY // STEP
LONGEST = 7 * A_DAY
"""A longer pause says nothing of rhythm."""
HALVED = 60_000
"""Of more gaps, in `FEW`, one half is kept."""


def learn(baselines: Baselines, hour: Hour) -> Baselines:
    """What is remembered after `hour`."""
    day = hour.hour * HOUR // DAY
    if baselines.day and day > baselines.day:
        baselines = _fade(baselines, day - baselines.day)
    baselines = replace(baselines, day=day)
    if hour.present.is_empty() and hour.done.is_empty():
        return baselines
    learned = _meet(baselines.learned, hour)
    numbers = learned.select("device", "number")
    words = _words(baselines.words, hour)
    ids = words.rename({"text": "key"})
    done = hour.done.join(numbers, on="device").join(ids, on="key")
    begun = hour.begun.join(numbers, on="device").join(ids, on="key").sort("number", "word", "step")
    habits = _habits(baselines.habits, done, begun)
    return replace(
        baselines,
        learned=learned,
        words=words,
        habits=habits,
        gaps=_of(_gaps(baselines.gaps, begun, baselines.habits), habits),
        volumes=_volumes(baselines.volumes, hour.volumes.join(numbers, on="device")),
        measures=_measures(baselines.measures, hour.counted.join(numbers, on="device")),
        values=_of(_values(baselines.values, hour.values, numbers, ids), habits),
    )


def follow(baselines: Baselines, other: str, device: str) -> Baselines:
    """What was learned of `other` is known of `device` too, of which it is a part from now on."""
    known = dict(baselines.learned.select("device", "number").iter_rows())
    if other not in known:
        return baselines
    if device not in known:
        whose = pl.when(pl.col("device") == other).then(pl.lit(device)).otherwise("device")
        return replace(baselines, learned=baselines.learned.with_columns(device=whose).sort("device"))
    gone, into = known[other], known[device]

    def moved(frame: pl.DataFrame) -> pl.DataFrame:
        number = pl.when(pl.col("number") == gone).then(pl.lit(into, pl.UInt32)).otherwise("number")
        return frame.with_columns(number=number)

    ends = (pl.col("since").min(), pl.col("last").max(), pl.col("hours").max(), pl.col("told").min())
    learned = moved(baselines.learned).with_columns(
        device=pl.when(pl.col("device") == other).then(pl.lit(device)).otherwise("device")
    )
    return replace(
        baselines,
        learned=learned.group_by("number", "device").agg(*ends).select(*LEARNED).sort("device"),
        habits=_summed_habits(moved(baselines.habits)),
        gaps=_summed_gaps(moved(baselines.gaps)),
        volumes=_bounded(_added(moved(baselines.volumes), ["number", "slot", "bucket"]), CELLS),
        measures=_bounded(_added(moved(baselines.measures), ["number", "what", "bucket"]), BUCKETS),
        values=_bounds(moved(baselines.values)),
    )


def without(baselines: Baselines, rejected: pl.DataFrame) -> Baselines:
    """Without habits of devices (columns `device` and `about`, the habit's text), which people said are not normal."""
    rows = (
        rejected.join(baselines.learned, on="device")
        .join(baselines.words, left_on="about", right_on="text")
        .select("number", "word")
    )
    if rows.is_empty():
        return baselines
    habits = baselines.habits.join(rows, on=["number", "word"], how="anti")
    return replace(baselines, habits=habits, gaps=_of(baselines.gaps, habits), values=_of(baselines.values, habits))


def _meet(learned: pl.DataFrame, hour: Hour) -> pl.DataFrame:
    """With the devices of this hour; new ones get the next numbers, in the order of their ids."""
    now = pl.lit(hour.hour, pl.UInt32)
    met = pl.concat([hour.present, hour.done.select("device")]).unique().sort("device")
    highest = learned["number"].max()
    first = highest + 1 if isinstance(highest, int) else 0
    fresh = met.join(learned, on="device", how="anti").sort("device")
    none = pl.lit(0, pl.UInt32)
    fresh = fresh.with_columns(
        number=pl.int_range(first, first + len(fresh), dtype=pl.UInt32), since=now, last=now, hours=none, told=none
    )
    there = pl.col("there").fill_null(False)
    return (
        pl.concat([learned, fresh.select(*LEARNED)])
        .join(hour.present.select("device", there=pl.lit(True)), on="device", how="left")
        .with_columns(
            last=pl.when(there).then(now).otherwise("last"), hours=pl.col("hours") + there.cast(pl.UInt32)
        )
        .select(*LEARNED)
        .sort("device")
    )  # fmt: skip


def _words(words: pl.DataFrame, hour: Hour) -> pl.DataFrame:
    """With the texts of this hour; a text's number is a hash of it, the same everywhere."""
    texts = hour.done["key"].unique()
    new = texts.filter(~texts.is_in(words["text"].implode())).sort().to_list()
    ids = [int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") for text in new]
    return pl.concat([words, pl.DataFrame({"word": ids, "text": new}, schema=WORDS)]).sort("text") if new else words


def _habits(habits: pl.DataFrame, done: pl.DataFrame, begun: pl.DataFrame) -> pl.DataFrame:
    if done.is_empty():
        return habits
    last = begun.group_by("number", "word").agg(begun=pl.col("step").max())
    fresh = done.join(last, on=["number", "word"], how="left").with_columns(
        pl.col("begun").fill_null(0), days=pl.lit(1, pl.UInt16), weight=pl.lit(UNIT, pl.UInt32)
    )
    touched = habits.join(fresh, on=["number", "what", "word"], how="semi")
    rest = habits.join(fresh, on=["number", "what", "word"], how="anti")
    return _bounded_habits(pl.concat([rest, _summed_habits(pl.concat([touched, fresh.select(*HABITS)]))]))


def _summed_habits(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one habit added up; one that follows on the same day adds no day."""
    again = pl.col("first") // A_DAY == pl.col("last").shift(1) // A_DAY
    rows = rows.sort("number", "what", "word", "first", "last")
    return (
        rows.group_by("number", "what", "word", maintain_order=True)
        .agg(
            pl.col("first").min(),
            pl.col("last").max(),
            pl.col("begun").max(),
            days=(pl.col("days").cast(pl.Int64) - again.fill_null(False).cast(pl.Int64)).sum().cast(pl.UInt16),
            weight=pl.col("weight").sum(),
        )
        .select(*HABITS)
    )


def _bounded_habits(habits: pl.DataFrame) -> pl.DataFrame:
    most = pl.col("what").replace_strict({int(what): count for what, count in MOST.items()}, return_dtype=pl.UInt32)
    ranked = habits.sort("number", "what", "weight", "last", "word", descending=[False, False, True, True, False])
    return ranked.filter(pl.int_range(pl.len()).over("number", "what") < most).sort("number", "what", "word")


def _gaps(gaps: pl.DataFrame, begun: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """With the times between beginnings; `before` has the last beginning of earlier hours."""
    if begun.is_empty():
        return gaps
    last = before.filter(pl.col("begun") > 0).select("number", "word", "begun")
    previous = pl.col("step").shift(1).over("number", "word")
    fresh = (
        begun.join(last, on=["number", "word"], how="left", maintain_order="left")
        .with_columns(gap=pl.col("step") - pl.coalesce(previous, "begun"))
        .filter(pl.col("gap").is_between(1, LONGEST))
        .with_columns(octave=pl.col("gap").cast(pl.Float64).log(2).floor().cast(pl.UInt8))
        .group_by("number", "word", "octave")
        .agg(count=(pl.len() * FEW).cast(pl.UInt16), total=(pl.col("gap").sum() * FEW).cast(pl.UInt32))
    )
    return _summed_gaps(pl.concat([gaps, fresh.select(*GAPS)]))


def _summed_gaps(gaps: pl.DataFrame) -> pl.DataFrame:
    count, total = pl.col("count").cast(pl.Int64).sum(), pl.col("total").cast(pl.Int64).sum()
    summed = gaps.group_by("number", "word", "octave").agg(count, total)
    part = pl.when(pl.col("count") > HALVED).then(2).otherwise(1)
    ranked = (
        summed.with_columns((pl.col("count") // part).cast(pl.UInt16), (pl.col("total") // part).cast(pl.UInt32))
        .select(*GAPS)
        .sort("number", "word", "count", "octave", descending=[False, False, True, False])
    )
    kept = ranked.filter(pl.int_range(pl.len()).over("number", "word") < OCTAVES)
    return kept.sort("number", "word", "octave")


def _volumes(volumes: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """With the cells of this hour; only those of its hour of the week are touched."""
    if fresh.is_empty():
        return volumes
    slot = fresh["slot"][0]
    cells = fresh.with_columns(count=pl.lit(UNIT, pl.UInt16)).select(*VOLUMES)
    touched = _added(pl.concat([volumes.filter(pl.col("slot") == slot), cells]), ["number", "slot", "bucket"])
    return _bounded(pl.concat([volumes.filter(pl.col("slot") != slot), touched]), CELLS)


def _bounded(counts: pl.DataFrame, most: int) -> pl.DataFrame:
    """Without the faintest counts of devices that have more than their share."""
    sizes = counts.group_by("number").len().filter(pl.col("len") > most).select("number")
    if sizes.is_empty():
        return counts
    others = [name for name in counts.columns if name not in {"number", "count"}]
    many = counts.join(sizes, on="number", how="semi").sort(
        "number", "count", *others, descending=[False, True, *(False for _ in others)]
    )
    many = many.filter(pl.int_range(pl.len()).over("number") < most)
    return pl.concat([counts.join(sizes, on="number", how="anti"), many])


def _measures(measures: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    if fresh.is_empty():
        return measures
    rows = fresh.with_columns(pl.col("count") * UNIT).select(*MEASURES)
    return _bounded(_added(pl.concat([measures, rows]), ["number", "what", "bucket"]), BUCKETS)


def _added(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Counts of the same added up, up to what their column holds."""
    kind = rows.schema["count"]
    most = 65_535 if kind == pl.UInt16 else 4_000_000_000
    summed = rows.group_by(by).agg(pl.col("count").cast(pl.Int64).sum().clip(upper_bound=most).cast(kind))
    return summed.select(rows.columns).sort(by)


def _values(values: pl.DataFrame, fresh: pl.DataFrame, numbers: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    if fresh.is_empty():
        return values
    rows = fresh.join(numbers, on="device").join(ids, on="key")
    return _bounds(pl.concat([values, rows.select(*VALUES)]))


def _bounds(values: pl.DataFrame) -> pl.DataFrame:
    return values.group_by("number", "word").agg(pl.col("low").min(), pl.col("high").max()).sort("number", "word")


def _of(rows: pl.DataFrame, habits: pl.DataFrame) -> pl.DataFrame:
    """The rows of habits that are still there."""
    return rows if rows.is_empty() else rows.join(habits, on=["number", "word"], how="semi")


def _worn(counts: pl.Series, days: int) -> pl.Series:
    """What is left of counts after so many days: of each a part is taken off, rounded up, day by day."""
    left = counts.to_numpy().astype(np.int64)
    for _ in range(min(days, 4 * DAYS)):
        left -= (left + DAYS - 1) // DAYS
    return pl.Series(counts.name, left).cast(counts.dtype)


def _fade(baselines: Baselines, days: int) -> Baselines:
    """Takes off a part of everything for each day that passed, and forgets what has faded away."""

    def faded(frame: pl.DataFrame, column: str, least: int) -> pl.DataFrame:
        return frame.with_columns(_worn(frame[column], days)).filter(pl.col(column) > least)

    since = (baselines.day + days - GONE) * DAY // HOUR
    learned = baselines.learned.filter(pl.col("last").cast(pl.Int64) >= since)
    habits, volumes, measures = (
        faded(frame.join(learned, on="number", how="semi"), column, LEAST)
        for frame, column in (
            (baselines.habits, "weight"),
            (baselines.volumes, "count"),
            (baselines.measures, "count"),
        )
    )
    total = pl.col("total").cast(pl.Int64) * pl.col("left") // pl.col("count")
    gaps = baselines.gaps.with_columns(left=_worn(baselines.gaps["count"], days).cast(pl.Int64))
    gaps = gaps.with_columns(total=total.cast(pl.UInt32), count=pl.col("left").cast(pl.UInt16))
    gaps = gaps.filter(pl.col("count") > 0).select(*GAPS).join(habits, on=["number", "word"], how="semi")
    return replace(
        baselines,
        learned=learned,
        habits=habits,
        gaps=gaps,
        volumes=volumes,
        measures=measures,
        values=baselines.values.join(habits, on=["number", "word"], how="semi"),
        words=baselines.words.join(habits, on="word", how="semi"),
    )
