"""However a source cuts its windows, stages see the same whole steps."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cordon.model.regrid import Regrid
from cordon.model.tables import FLOWS, SECOND, STEP, plain_row
from cordon.model.window import Window


def row(flow: int, first: int, **columns: object) -> dict[str, object]:
    return {**plain_row("flows"), "flow": flow, "step": first - first % STEP, "first": first, "last": first, **columns}


def cut(rows: list[dict[str, object]], length: int) -> list[Window]:
    windows = []
    for begin in range(0, 3 * STEP, length):
        inside = [r for r in rows if begin <= int(str(r["first"])) < begin + length]
        tables = {"flows": pl.DataFrame(inside, schema=FLOWS)} if inside else {}
        windows.append(Window("lab", begin, begin + length, tables))
    return windows


ROWS = [row(flow, at * SECOND, packets_out=at + 1, is_first=at == flow) for flow in (1, 2) for at in range(flow, 27, 3)]


def whole(length: int) -> pl.DataFrame:
    regrid = Regrid("lab")
    out = [w for window in cut(ROWS, length) for w in regrid.feed(window)] + list(regrid.flush())
    assert all(w.begin % STEP == 0 and w.end % STEP == 0 for w in out)
    flows = pl.concat([w.table("flows") for w in out])
    return (
        flows.group_by("step", "flow").agg(pl.col("packets_out").sum(), pl.col("is_first").any()).sort("step", "flow")
    )


@pytest.mark.parametrize("length", [SECOND, 2 * SECOND, 5 * SECOND, STEP, 3 * STEP])
def test_sums_do_not_depend_on_the_windows_length(length: int) -> None:
    assert_frame_equal(whole(length), whole(3 * STEP))
    assert whole(length)["packets_out"].sum() == sum(int(str(r["packets_out"])) for r in ROWS)


def test_statistics_do_not_depend_on_the_windows_length() -> None:
    def sizes(length: int) -> tuple[object, ...]:
        begun = row(
            1, 0, packets_out=1, is_first=True, size_min=60, size_max=60, size_squares=3600, sizes=[60], gaps=[0]
        )
        more = {"size_squares": 1_000_000, "sizes": [-1000], "gaps": [SECOND]}
        gap = {"gap_min": SECOND, "gap_max": SECOND, "gap_sum": SECOND, "gap_squares": SECOND**2}
        answer = row(1, SECOND, packets_in=1, size_min=1000, size_max=1000, **more, **gap)
        ended = row(1, 6 * SECOND, is_last=True)
        regrid = Regrid("lab")
        cuts = cut([begun, answer, ended], length)
        (flows,) = [w.table("flows") for window in cuts for w in regrid.feed(window) if w.table("flows").height]
        return flows.select(pl.col("size_min", "size_max", "size_squares", "^gap_.*$", "sizes", "gaps")).row(0)

    assert sizes(SECOND) == sizes(2 * SECOND)
    assert sizes(SECOND) == (60, 1000, 1_003_600, SECOND, SECOND, SECOND, SECOND**2, [60, -1000], [0, SECOND])


def test_short_windows_are_held_until_their_step_is_over() -> None:
    regrid = Regrid("lab")
    given = [list(regrid.feed(window)) for window in cut(ROWS, SECOND)[:10]]
    assert [len(g) for g in given] == [0] * 9 + [1]
    assert given[-1][0].begin == 0
    assert given[-1][0].end == STEP


def test_a_gap_between_windows_ends_the_step_before_it() -> None:
    regrid = Regrid("lab")
    assert list(regrid.feed(Window("lab", 0, SECOND))) == []
    out = list(regrid.feed(Window("lab", 5 * STEP, 5 * STEP + SECOND)))
    assert [(w.begin, w.end) for w in out] == [(0, STEP)]


def test_nothing_is_left_after_a_flush() -> None:
    regrid = Regrid("lab")
    list(regrid.feed(Window("lab", 0, SECOND)))
    assert len(list(regrid.flush())) == 1
    assert list(regrid.flush()) == []
