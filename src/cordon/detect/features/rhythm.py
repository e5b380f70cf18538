"""Rhythm: how much a device says in each hour, and the range that is usual for that hour of day."""

import polars as pl

from cordon.detect.state import HOURS, RANGES, USUAL
from cordon.model.facts import RHYTHM
from cordon.model.tables import DAY, HOUR

GETTING_TO_KNOW = 6
"""Hours of presence after which a device counts as known."""
KEPT = 14 * DAY


def add_hours(hours: pl.DataFrame, talks: pl.DataFrame, hour: int) -> pl.DataFrame:
    """The hours with the talks of the current hour added."""
    outside = pl.when(pl.col("scope") == "internet").then(pl.col("bytes_out")).otherwise(0)
    fresh = talks.group_by("device").agg(
        hour=pl.lit(hour, pl.Int64),
        bytes_out=pl.col("bytes_out").sum(),
        bytes_in=pl.col("bytes_in").sum(),
        outside=outside.sum(),
        flows=pl.col("is_first").sum().cast(pl.Int64),
        learned=pl.lit(False),
    )
    now = pl.concat([hours.filter(pl.col("hour") == hour), fresh.select(*HOURS)])
    now = now.group_by("device", "hour").agg(
        pl.col("bytes_out", "bytes_in", "outside", "flows").sum(), pl.col("learned").any()
    )
    return pl.concat([hours.filter(pl.col("hour") != hour), now.select(*HOURS).sort("device")])


def close_hour(hours: pl.DataFrame, usual: pl.DataFrame, hour: int, suspects: list[str]) -> tuple[pl.DataFrame, ...]:
    """Learns the hour that is over, but not of suspects: (hours, usual, ranges)."""
    learn = (pl.col("hour") == hour) & ~pl.col("device").is_in(suspects)
    hours = hours.filter(pl.col("hour") > hour - KEPT).with_columns(learned=pl.col("learned") | learn)
    present = hours.filter((pl.col("hour") == hour) & pl.col("learned")).select("device")
    peaks = hours.filter("learned").group_by("device").agg(peak=pl.col("outside").max())
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
        .join(peaks, on="device", how="left")
        .with_columns(pl.col("peak").fill_null(0))
        .select(*USUAL)
        .sort("device")
    )  # fmt: skip
    return hours, usual, _ranges(hours.filter("learned"))


def _ranges(learned: pl.DataFrame) -> pl.DataFrame:
    """From at least three learned hours of the same time of day, give or take one; else from any six."""
    value = pl.col("bytes_out") + pl.col("bytes_in")
    each = learned.select("device", of_day=pl.col("hour") % DAY // HOUR, value=value)
    near = pl.concat([each.with_columns(of_day=(pl.col("of_day") + shift) % 24) for shift in (-1, 0, 1)])
    spread = [pl.col("value").min().alias("least"), pl.col("value").max().alias("most"), pl.len().alias("n")]
    by_hour = near.group_by("device", "of_day").agg(spread).filter(pl.col("n") >= 6)
    every = each.group_by("device").agg(spread).filter(pl.col("n") >= GETTING_TO_KNOW)
    grid = every.join(pl.DataFrame({"of_day": list(range(24))}, schema={"of_day": pl.Int64}), how="cross")
    best = pl.concat([by_hour, grid.select(by_hour.columns)]).unique(
        ["device", "of_day"], keep="first", maintain_order=True
    )
    return best.select(
        "device", "of_day", low=pl.col("least") // 2, high=pl.col("most") + pl.col("most") // 2
    ).select(*RANGES).sort("device", "of_day")  # fmt: skip


def rhythm_of(hours: pl.DataFrame, ranges: pl.DataFrame, hour: int, devices: pl.Series) -> pl.DataFrame:
    """The ribbon's cell of the current hour for each of `devices`."""
    now = hours.filter((pl.col("hour") == hour) & pl.col("device").is_in(devices.implode()))
    now = now.with_columns(of_day=pl.col("hour") % DAY // HOUR).join(ranges, on=["device", "of_day"], how="left")
    now = now.with_columns(pl.col("low", "high").fill_null(0))
    beyond = (pl.col("high") > 0) & (pl.col("bytes_out") + pl.col("bytes_in") > pl.col("high"))
    return now.with_columns(departed=beyond).select(*RHYTHM).sort("device", "hour")
