"""Means and variances of a flow's packets, out of the sums its rows bring.

Rows of any steps add up: sum the columns first, then ask for the mean. Variances are of the packets there were (divided
by their number), reckoned in 128-bit integers, so that large sums lose nothing before the last division. Sums that
reached the greatest integer stay there, and what is made of them is then too small.
"""

import polars as pl


def size_mean() -> pl.Expr:
    """Mean size of the frames, bytes; null where there is no packet."""
    return _mean(_bytes(), _packets())


def size_variance() -> pl.Expr:
    """Variance of the sizes of the frames, bytes²; null where there is no packet."""
    return _variance(pl.col("size_squares"), _bytes(), _packets())


def gap_mean() -> pl.Expr:
    """Mean gap between packets, µs; null where there is none. Wants `gap_count`, as `by_flow` makes it."""
    return _mean(pl.col("gap_sum"), pl.col("gap_count"))


def gap_variance() -> pl.Expr:
    """Variance of the gaps between packets, µs²; null where there is none. Wants `gap_count`, as `by_flow` makes it."""
    return _variance(pl.col("gap_squares"), pl.col("gap_sum"), pl.col("gap_count"))


def by_flow(flows: pl.DataFrame) -> pl.DataFrame:
    """One row a flow: flow, packets, gap_count, size_mean, size_variance, gap_mean, gap_variance; sorted by flow.

    Before the first packet of a flow there is no gap; the gap before the first packet of a later row counts.
    """
    summed = ("packets_out", "packets_in", "bytes_out", "bytes_in", "size_squares", "gap_sum", "gap_squares")
    sums = flows.group_by("flow").agg(*(pl.col(column).sum() for column in summed), pl.col("is_first").any())
    counted = sums.with_columns(
        _packets().alias("packets"), (_packets() - pl.col("is_first").cast(pl.Int64)).clip(0).alias("gap_count")
    )
    return counted.select(
        "flow",
        "packets",
        "gap_count",
        size_mean().alias("size_mean"),
        size_variance().alias("size_variance"),
        gap_mean().alias("gap_mean"),
        gap_variance().alias("gap_variance"),
    ).sort("flow")


def _packets() -> pl.Expr:
    return pl.col("packets_out") + pl.col("packets_in")


def _bytes() -> pl.Expr:
    return pl.col("bytes_out") + pl.col("bytes_in")


def _mean(total: pl.Expr, count: pl.Expr) -> pl.Expr:
    return pl.when(count > 0).then(total / count)


def _variance(squares: pl.Expr, total: pl.Expr, count: pl.Expr) -> pl.Expr:
    wide = [one.cast(pl.Int128) for one in (squares, total, count)]
    above = wide[2] * wide[0] - wide[1] * wide[1]
    return pl.when(count > 0).then(above.clip(0).cast(pl.Float64) / count.cast(pl.Float64).pow(2))
