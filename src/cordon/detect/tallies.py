"""What rules and detectors of logs count over a span: how often, or how many different values, of a device."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.detect.features import Features
from cordon.detect.features.trailing import trailing_distinct, trailing_sums
from cordon.detect.state import TALLIES
from cordon.model.tables import HOUR

MOST_WITHIN: Final = 6 * HOUR
"""The longest span over which is counted."""
MOST_ROWS: Final = 200_000
"""Rows that are remembered of all that is counted; beyond, the oldest are let go."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted under a name: `least` rows, or different values of a column `of`, within a span (µs)."""

    name: str
    least: int
    within: int
    of: str = ""


def counted(seen: Features, met: pl.DataFrame, what: Counted) -> pl.DataFrame:
    """At each step of `met` (columns owner, step, at) where it was enough: owner, step, `count` and when it `began`.

    Of one device and step no more different values are kept than are wanted in all: as soon as one step has so many,
    it is enough, whatever else there was. `count` is the least that it was.
    """
    value = pl.col(what.of).cast(pl.String) if what.of else pl.lit("")
    by = ["device", "step", "value"]
    named = met.select(device="owner", step="step", value=value, first="at")
    fresh = named.group_by(by).agg(n=pl.len().cast(pl.Int64), first=pl.col("first").min())
    fresh = fresh.sort(by).group_by("device", "step", maintain_order=True).head(what.least)
    seen.tallies = _remembered(seen, fresh.select(pl.lit(what.name).alias("rule"), *list(TALLIES)[1:]))
    devices = fresh["device"].unique().implode()
    mine = seen.tallies.filter((pl.col("rule") == what.name) & pl.col("device").is_in(devices))
    sums = trailing_sums(mine, ["device"], ["n"], what.within)
    if what.of:
        numbers = trailing_distinct(mine, ["device"], ["value"], span=what.within, name="count")
        sums = sums.drop("n").join(numbers, on=["device", "step"], how="inner")
    else:
        sums = sums.rename({"n": "count"})
    return sums.filter(pl.col("count") >= what.least).select(owner="device", step="step", count="count", began="began")


def _remembered(seen: Features, fresh: pl.DataFrame) -> pl.DataFrame:
    kept = seen.tallies.filter(pl.col("step") > seen.begin - MOST_WITHIN)
    whole = pl.concat([kept, fresh.select(pl.col(name).cast(kind) for name, kind in TALLIES.items())])
    return whole if whole.height <= MOST_ROWS else whole.sort("step", maintain_order=True).tail(MOST_ROWS)
