"""Means and variances of flows come out of the sums of their rows."""

import random
import statistics
from itertools import pairwise

import polars as pl
import pytest

from cordon.model.statistics import by_flow
from cordon.model.tables import FLOWS, MINUTE, plain_row


def rows_of(flow: int, packets: list[tuple[int, int]], cut: int) -> list[dict[str, object]]:
    """Rows of so many packets each, of a flow whose packets have these sizes and times."""
    rows = []
    for begin in range(0, len(packets), cut):
        part = packets[begin : begin + cut]
        gaps = [packets[at][1] - packets[at - 1][1] for at in range(max(begin, 1), begin + len(part))]
        sums = {"bytes_in": sum(size for size, _ in part), "size_squares": sum(size**2 for size, _ in part)}
        gap = {"gap_sum": sum(gaps), "gap_squares": sum(g**2 for g in gaps)}
        rows.append(
            {**plain_row("flows"), "flow": flow, "is_first": begin == 0, "packets_in": len(part), **sums, **gap}
        )
    return rows


@pytest.mark.parametrize("cut", [1, 7, 100])
def test_rows_of_any_cut_give_the_same_mean_and_variance(cut: int) -> None:
    draw = random.Random(7)
    packets = [(draw.randrange(60, 1500), at * MINUTE + draw.randrange(1000)) for at in range(100)]
    (row,) = by_flow(pl.DataFrame(rows_of(5, packets, cut), schema=FLOWS)).rows(named=True)
    sizes = [size for size, _ in packets]
    gaps = [after[1] - before[1] for before, after in pairwise(packets)]
    assert (row["flow"], row["packets"], row["gap_count"]) == (5, 100, 99)
    assert row["size_mean"] == pytest.approx(statistics.fmean(sizes))
    assert row["size_variance"] == pytest.approx(statistics.pvariance(sizes))
    assert row["gap_mean"] == pytest.approx(statistics.fmean(gaps))
    assert row["gap_variance"] == pytest.approx(statistics.pvariance(gaps))


def test_where_there_was_nothing_there_is_no_mean() -> None:
    ended = {**plain_row("flows"), "flow": 1, "is_last": True}
    single = rows_of(2, [(60, 0)], 1)
    found = by_flow(pl.DataFrame([ended, *single], schema=FLOWS))
    assert found["size_mean"].to_list() == [None, 60.0]
    assert found["size_variance"].to_list() == [None, 0.0]
    assert found["gap_mean"].to_list() == [None, None]
    assert found["gap_variance"].to_list() == [None, None]
