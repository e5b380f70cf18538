"""Rhythm: how much a device says in each hour, and the range that is usual for that hour of day."""

import polars as pl

from cordon.detect.state import RANGES, USUAL
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
KEPT = 14 * DAY

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
        learned=pl.lit(False),
    )
    both = pl.concat([running, fresh])
    sums = pl.col("bytes_out", "bytes_in", "outside", "flows").sum()
    return both.group_by("device").agg(pl.col("hour").first(), sums, pl.col("learned").any())


def close_hour(
    hours: pl.DataFrame, running: pl.DataFrame, usual: pl.DataFrame, hour: int, suspects: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Learns the hour that ran and is over, but not of suspects: (hours, usual, ranges)."""
    over = running.with_columns(learned=~pl.col("device").is_in(suspects)).sort("device")
    hours = pl.concat([hours.filter(pl.col("hour") > hour - KEPT), over])
    present = over.filter("learned").select("device")
    most = hours.filter("learned").group_by("device").agg(peak=pl.col("outside").max(), most=VALUE.max())
    usual = (
        pl.concat([usual.select("device", "hours", "settled"), present.with_columns(
            hours=pl.lit(1, pl.Int64), settled=pl.lit(0, pl.Int64))])
        .group_by("device")
        .agg(pl.col("hours").sum(), pl.col("settled").max())
        .with_columns(
            settled=pl.when((pl.col("settled") == 0) & (pl.col("hours") >= GETTING_TO_KNOW))
            .then(hour + HOUR)
            .otherwise("settled")
        )
        .join(most, on="device", how="left")
        .with_columns(pl.col("peak", "most").fill_null(0))
        .select(*USUAL)
        .sort("device")
    )  # fmt: skip
    return hours, usual, _ranges(hours.filter("learned"))


def _ranges(learned: pl.DataFrame) -> pl.DataFrame:
    """Of the hours of day that were learned on enough days; the hours next to them, on all days, count in."""
    each = learned.select("device", of_day=pl.col("hour") % DAY // HOUR, value=VALUE)
    enough = each.group_by("device", "of_day").len().filter(pl.col("len") >= DAYS).drop("len")
    near = pl.concat([each.with_columns(of_day=(pl.col("of_day") + shift) % 24) for shift in (-1, 0, 1)])
    least, greatest = pl.col("value").min(), pl.col("value").max()
    spread = near.group_by("device", "of_day").agg(low=least // 2, high=greatest + greatest // 2)
    return enough.join(spread, on=["device", "of_day"]).select(*RANGES).sort("device", "of_day")


def rhythm_of(running: pl.DataFrame, ranges: pl.DataFrame, usual: pl.DataFrame, devices: pl.Series) -> pl.DataFrame:
    """The ribbon's cell of the running hour for each of `devices`.

    An hour departs when it is above the range of its hour of day, or far above all that was ever learned of a
    device that is known by now. On its first days a device has no range: nothing is known yet of the hours to come.
    """
    now = running.filter(pl.col("device").is_in(devices.unique().to_list()))
    if now.is_empty():
        return nothing(RHYTHM)
    of_day = int(now["hour"][0]) % DAY // HOUR
    now = now.join(ranges.filter(pl.col("of_day") == of_day), on="device", how="left")
    now = now.join(usual, on="device", how="left")
    above = (pl.col("high") > 0) & (pl.col("high") < VALUE)
    beyond = (pl.col("settled") > 0) & (BEYOND * pl.col("most") + FLOOR < VALUE)
    now = now.with_columns(pl.col("low", "high").fill_null(0), departed=(above | beyond).fill_null(False))
    return now.select(*RHYTHM).sort("device", "hour")
