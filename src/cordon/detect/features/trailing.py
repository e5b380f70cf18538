"""Trailing measures on the step grid, vectorised over all steps at once, whatever their number.

Rows are grouped and sorted by a hash (64 bits) of what they are told apart by: numbers are several times as quick as
texts, and of a million different keys two share a hash once in forty million tries.
"""

from collections.abc import Sequence

import polars as pl

WHO, WHAT = "__who", "__what"  # hashes of `by`, and of `by` with `of`


def key(columns: Sequence[str]) -> pl.Expr:
    """One number for the values of columns, to tell rows apart by within one frame."""
    return pl.struct(columns).hash()


def trailing_distinct(
    rows: pl.DataFrame, by: Sequence[str], of: Sequence[str], *, span: int, name: str, where: str = "", least: int = 0
) -> pl.DataFrame:
    """How many different `of` each `by` had within ``(step - span, step]``, at every step of its rows.

    With `where`, only rows for which that column holds are counted; with `least`, only what comes to that many is told.

    Each occurrence counts from its step until the next of the same or until it is `span` old, so the sum of these
    entries and exits up to a step is the answer: O(n log n), no window is walked twice.

    Returns:
        `by`, step, `name`; sorted by `by` and step.
    """
    keyed = rows.select(
        key(by).alias(WHO), key([*by, *of]).alias(WHAT), "step", counted=pl.col(where) if where else True
    )
    what, step = pl.col(WHAT), pl.col("step")
    seen = keyed.filter("counted").sort(WHAT, "step")
    seen = seen.filter(((what != what.shift(1)) | (step != step.shift(1))).fill_null(value=True))
    next_same = pl.when(what == what.shift(-1)).then(step.shift(-1))
    leave = seen.select(WHO, step=pl.min_horizontal(next_same, step + span), change=pl.lit(-1, pl.Int64))
    last = pl.lit(rows["step"].max(), pl.Int64)
    entries = seen.select(WHO, "step", change=pl.lit(1, pl.Int64), entry=pl.lit(True))
    asked = keyed.select(WHO, "step").unique().with_columns(change=pl.lit(0, pl.Int64), entry=pl.lit(True))
    exits = leave.filter(step <= last).with_columns(entry=pl.lit(False))
    counts = (
        pl.concat([asked, entries, exits])
        .group_by(WHO, "step")
        .agg(pl.col("change").sum(), pl.col("entry").any())
        .sort(WHO, "step")
        .with_columns(pl.col("change").cum_sum().over(WHO).alias(name))
        .filter(pl.col("entry") & (pl.col(name) >= least))
    )
    return _named(counts, rows, by).select(*by, "step", name).sort(*by, "step")


def trailing_sums(
    rows: pl.DataFrame, by: Sequence[str], sums: Sequence[str], span: int, such: pl.Expr | None = None
) -> pl.DataFrame:
    """Sums of columns within ``(step - span, step]``, and `began`, the least `first` in it, at every step of `by`
    (for which `such` holds)."""
    keyed = rows.select(key(by).alias(WHO), "step", *sums, "first")
    each = keyed.group_by(WHO, "step").agg(*(pl.col(one).sum() for one in sums), began=pl.col("first").min())
    several = pl.col(WHO).is_duplicated()  # what has a single step is its own sum
    lone, more = each.filter(~several), each.filter(several).sort(WHO, "step")
    if len(more):
        rolled = more.rolling("step", period=f"{span}i", closed="right", group_by=WHO).agg(
            *(pl.col(one).sum() for one in sums), pl.col("began").min()
        )
        each = pl.concat([lone, rolled.select(lone.columns)])
    return (
        _named(each if such is None else each.filter(such), rows, by)
        .select(*by, "step", *sums, "began")
        .sort(*by, "step")
    )


def _named(told: pl.DataFrame, rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What is told of hashes, told of what they stand for."""
    marked = rows.select(*by, key(by).alias(WHO))
    if len(told) * 4 < len(rows):
        marked = marked.filter(pl.col(WHO).is_in(told[WHO].implode()))
    return told.join(marked.unique(WHO), on=WHO)
