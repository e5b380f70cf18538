"""Trailing measures on the step grid, vectorised over all steps at once, whatever their number."""

from collections.abc import Sequence

import polars as pl


def trailing_distinct(
    rows: pl.DataFrame, by: Sequence[str], of: Sequence[str], *, span: int, name: str, where: str = ""
) -> pl.DataFrame:
    """How many different `of` each `by` had within ``(step - span, step]``, at every step of its rows.

    With `where`, only rows for which that column holds are counted.

    Each occurrence counts from its step until the next of the same or until it is `span` old, so the sum of these
    entries and exits up to a step is the answer: O(n log n), no window is walked twice.

    Returns:
        `by`, step, `name`; sorted by `by` and step.
    """
    keys = [*by, *of]
    counted = rows.filter(where) if where else rows
    seen = counted.select(*keys, "step").unique().sort(*keys, "step")
    again = pl.all_horizontal(pl.col(key) == pl.col(key).shift(-1) for key in keys)
    leave = pl.min_horizontal(pl.when(again).then(pl.col("step").shift(-1)), pl.col("step") + span)
    entries = seen.select(*by, "step", change=pl.lit(1, pl.Int64), entry=pl.lit(True))
    asked = rows.select(*by, "step", change=pl.lit(0, pl.Int64), entry=pl.lit(True)).unique()
    exits = seen.select(*by, step=leave, change=pl.lit(-1, pl.Int64), entry=pl.lit(False))
    return (
        pl.concat([asked, entries, exits])
        .group_by(*by, "step")
        .agg(pl.col("change").sum(), pl.col("entry").any())
        .sort(*by, "step")
        .with_columns(pl.col("change").cum_sum().alias(name))  # what enters leaves, so each of `by` ends at nought
        .filter("entry")
        .select(*by, "step", name)
    )


def trailing_sums(rows: pl.DataFrame, by: Sequence[str], sums: Sequence[str], span: int) -> pl.DataFrame:
    """Sums of columns within ``(step - span, step]``, and `began`, the least `first` in it, at every step of `by`."""
    each = rows.group_by(*by, "step").agg(pl.col(*sums).sum(), began=pl.col("first").min()).sort(*by, "step")
    if each.is_empty():
        return each
    return each.rolling("step", period=f"{span}i", closed="right", group_by=list(by)).agg(
        pl.col(*sums).sum(), pl.col("began").min()
    )
