"""What rules count: how often, or how many different values, of one device within a span."""

from typing import Final

import polars as pl

from cordon.detect.features import Features
from cordon.detect.features.trailing import trailing_distinct, trailing_sums
from cordon.detect.rules.rule import MOST_WITHIN, Rule
from cordon.detect.state import TALLIES

MOST_ROWS: Final = 200_000
"""Rows that are remembered of all rules together; beyond, the oldest are let go."""


def counted(seen: Features, rule: Rule, met: pl.DataFrame) -> pl.DataFrame:
    """At each step of `met` (columns owner, step, at) where it was enough: owner, step, `count` and when it `began`.

    Of one device and step no more different values are kept than are wanted in all: as soon as one step has so many,
    it is enough, whatever else there was. `count` is the least that it was.
    """
    count = rule.count
    if count is None:
        raise ValueError("the rule counts nothing")
    value = pl.col(count.of).cast(pl.String) if count.of else pl.lit("")
    by = ["device", "step", "value"]
    fresh = met.select(device="owner", step="step", value=value, first="at").group_by(by).agg(
        n=pl.len().cast(pl.Int64), first=pl.col("first").min()
    )  # fmt: skip
    fresh = fresh.sort(by).group_by("device", "step", maintain_order=True).head(count.least)
    seen.tallies = _remembered(seen, fresh.select(pl.lit(rule.name).alias("rule"), *list(TALLIES)[1:]))
    mine = seen.tallies.filter(
        (pl.col("rule") == rule.name) & pl.col("device").is_in(fresh["device"].unique().implode())
    )
    sums = trailing_sums(mine, ["device"], ["n"], count.within)
    if count.of:
        numbers = trailing_distinct(mine, ["device"], ["value"], span=count.within, name="count")
        sums = sums.drop("n").join(numbers, on=["device", "step"], how="inner")
    else:
        sums = sums.rename({"n": "count"})
    return sums.filter(pl.col("count") >= count.least).select(owner="device", step="step", count="count", began="began")


def _remembered(seen: Features, fresh: pl.DataFrame) -> pl.DataFrame:
    kept = seen.tallies.filter(pl.col("step") > seen.begin - MOST_WITHIN)
    whole = pl.concat([kept, fresh.select(pl.col(name).cast(kind) for name, kind in TALLIES.items())])
    return whole if whole.height <= MOST_ROWS else whole.sort("step", maintain_order=True).tail(MOST_ROWS)
