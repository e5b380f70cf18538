"""Rhythm: how much a device says in each hour, and the range that is usual for that hour of day."""

import polars as pl

from cordon.detect.baseline.memory import INTO, UNIT, Baselines
from cordon.detect.baseline.sketch import CEILINGS, FLOORS
from cordon.detect.state import BOUNDS, USUAL
from cordon.model.facts import RHYTHM
from cordon.model.memo import nothing
from cordon.model.tables import DAY, HOUR

GETTING_TO_KNOW = 6
"""Hours of presence after which a device counts as known."""
DAYS = 3
"""Days on which an hour of day must have been learned before its range is spoken of."""
BEYOND = 4
FLOOR = 1_000_000
"""More than `BEYOND` times the largest hour ever learned, and so many bytes, is unlike any hour of the day."""
FADES = 30
"""Days."""

VALUE = pl.col("bytes_out") + pl.col("bytes_in")


def add_talks(running: pl.DataFrame, talks: pl.DataFrame, hour: int) -> pl.DataFrame:
    """The running hour with talks added."""
    if talks.is_empty():
        return running
    outside = pl.when(pl.col("scope") == "internet").then(pl.col("bytes_out")).otherwise(0)
    fresh = talks.group_by("device").agg(
        hour=pl.lit(hour, pl.Int64),
        bytes_out=pl.col("bytes_out").sum(),
        bytes_in=pl.col("bytes_in").sum(),
        outside=outside.sum(),
        flows=pl.col("is_first").sum().cast(pl.Int64),
    )
    both = pl.concat([running, fresh])
    sums = pl.col("bytes_out", "bytes_in", "outside", "flows").sum()
    return both.group_by("device").agg(pl.col("hour").first(), sums)


def close_hour(running: pl.DataFrame, usual: pl.DataFrame, hour: int, suspects: list[str]) -> pl.DataFrame:
    """What is usual of each device with the hour that ran and is over, but not of suspects."""
    over = running.filter(~pl.col("device").is_in(suspects))
    fresh = over.select(
        "device", hours=pl.lit(1, pl.Int64), settled=pl.lit(0, pl.Int64), peak=pl.col("outside"), most=VALUE
    )
    known = pl.col("hours").sum() >= GETTING_TO_KNOW
    first = pl.when(known).then(hour + HOUR).otherwise(0)
    settled = pl.col("settled").max()
    return (
        pl.concat([usual, fresh])
        .group_by("device")
        .agg(
            pl.col("hours").sum(),
            settled=pl.when(settled > 0).then(settled).otherwise(first),
            peak=pl.col("peak").max(),
            most=pl.col("most").max(),
        )
        .select(*USUAL)
        .sort("device")
    )


def fade(usual: pl.DataFrame, days: int) -> pl.DataFrame:
    """The most that was ever said counts less with every day: `FADES` parts of it are left after as many days."""
    return usual if days <= 0 else usual.with_columns(
        (pl.col("peak", "most").cast(pl.Float64) * (1 - 1 / FADES) ** days).cast(pl.Int64)
    )  # fmt: skip


def bounds_of(baselines: Baselines, hour: int) -> pl.DataFrame:
    """The usual range of the hour of day that begins at `hour` (µs), where it was learned on enough days: the hours
    next to it, on all days, count in, and half as much room on either side."""
    volumes = baselines.volumes
    if volumes.is_empty():
        return nothing(BOUNDS)
    of_day = hour % DAY // HOUR
    each = volumes.with_columns(
        apart=((pl.col("slot").cast(pl.Int64) - of_day + 36) % 24 - 12).abs(), into=pl.col("bucket") >= INTO
    ).filter(pl.col("apart") <= 1)
    bucket = (pl.col("bucket") % INTO).cast(pl.Int64)
    here = (pl.col("apart") == 0) & ~pl.col("into")
    counted = pl.col("count").cast(pl.Int64)
    ways = each.group_by("number").agg(
        learned=counted.filter(here).sum(),
        **{
            f"{name}_{way}": getattr(bucket.filter(such), name)()
            for name in ("min", "max")
            for way, such in (("out", ~pl.col("into")), ("into", pl.col("into")))
        },
    )
    ways = ways.filter(pl.col("learned") >= DAYS * UNIT * 4 // 5)  # a part of it has faded since

    def edge(kind: str, values: tuple[int, ...]) -> pl.Expr:
        both = pl.col(f"{kind}_out", f"{kind}_into").fill_null(0)
        return pl.sum_horizontal(both.replace_strict(dict(enumerate(values)), return_dtype=pl.Int64))

    low, high = edge("min", FLOORS) // 2, edge("max", CEILINGS) * 3 // 2
    found = ways.join(baselines.learned.select("number", "device"), on="number").select("device", low=low, high=high)
    return found.sort("device")


def rhythm_of(running: pl.DataFrame, bounds: pl.DataFrame, usual: pl.DataFrame, devices: pl.Series) -> pl.DataFrame:
    """The ribbon's cell of the running hour for each of `devices`.

    An hour departs when it is above the range of its hour of day, or far above all that was ever learned of a
    device that is known by now. On its first days a device has no range: nothing is known yet of the hours to come.
    """
    now = running.filter(pl.col("device").is_in(devices.unique().to_list()))
    if now.is_empty():
        return nothing(RHYTHM)
    now = now.join(bounds, on="device", how="left")
    now = now.join(usual, on="device", how="left")
    above = (pl.col("high") > 0) & (pl.col("high") < VALUE)
    beyond = (pl.col("settled") > 0) & (BEYOND * pl.col("most") + FLOOR < VALUE)
    now = now.with_columns(pl.col("low", "high").fill_null(0), departed=(above | beyond).fill_null(False))
    return now.select(*RHYTHM).sort("device", "hour")
