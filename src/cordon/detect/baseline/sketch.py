"""Counts by the order of size: a small sketch whose quantiles have a known error, and whose sums are sketches again."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

PER_OCTAVE: Final = 3
_LAST: Final = 125


def _edge(number: int) -> int:
    """The least whole number of bucket `number` + 1: the least whose cube is 2 to the `number`, or more."""
    low, high = 1, 1 << (number // PER_OCTAVE + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if middle**PER_OCTAVE >= 1 << number else (middle + 1, high)
    return low


EDGES: Final = np.array([_edge(number) for number in range(_LAST)], dtype=np.int64)
"""Bucket 0 holds 0; bucket n holds the whole numbers from `EDGES[n - 1]` on, below `EDGES[n]`."""

FLOORS: Final = (0, *EDGES.tolist())
"""The least number of each bucket."""

CEILINGS: Final = (0, *(EDGES[1:] - 1).tolist(), (1 << 63) - 1)
"""The greatest."""

MIDDLES: Final = (0, *(round(2 ** ((2 * number + 1) / (2 * PER_OCTAVE))) for number in range(_LAST)))
"""What stands for each bucket: its geometric middle, at most 2 to the sixth (12.3 %) from anything in it."""


def bucketed(values: pl.Series) -> pl.Series:
    """The bucket of each value."""
    return pl.Series(values.name, np.searchsorted(EDGES, values.to_numpy(), side="right").astype(np.uint8))


def quantiles(counts: pl.DataFrame, by: Sequence[str], shares: Sequence[int]) -> pl.DataFrame:
    """Of rows (`by`, bucket, count) the buckets up to which so many thousandths of the counts lie, as `q0`, `q1`, …

    Sorted by `by`.
    """
    rows = counts.group_by(*by, "bucket").agg(pl.col("count").cast(pl.Int64).sum()).sort(*by, "bucket")
    below, total = pl.col("count").cum_sum(), pl.col("count").sum()
    return rows.group_by(*by, maintain_order=True).agg(
        pl.col("bucket").filter(below * 1000 >= total * share).first().alias(f"q{at}")
        for at, share in enumerate(shares)
    )
