"""The demo's quiet time is read in long windows, its story in short ones; nothing is lost or changed on the way."""

from itertools import pairwise

import polars as pl

from cordon.model.tables import SECOND, empty
from cordon.model.window import Window
from cordon.server.demo import QUIET, WINDOW, gathered


def windows(count: int) -> list[Window]:
    frame = empty("arp")
    return [
        Window(
            "site",
            at * WINDOW,
            (at + 1) * WINDOW,
            {"arp": frame.clear(1).with_columns(time=pl.lit(at * WINDOW + SECOND, pl.Int64))},
        )
        for at in range(count)
    ]


def test_quiet_time_is_joined_and_the_story_is_not() -> None:
    many = QUIET // WINDOW
    got = list(gathered(windows(many * 2 + 5), until=many * 2 * WINDOW))
    assert [(w.end - w.begin) // WINDOW for w in got] == [many, many, 1, 1, 1, 1, 1]


def test_no_row_and_no_time_is_lost() -> None:
    came = windows(75)
    got = list(gathered(came, until=50 * WINDOW))
    assert got[0].begin == 0 and got[-1].end == came[-1].end
    assert all(a.end == b.begin for a, b in pairwise(got))
    rows = pl.concat([w.table("arp") for w in got])
    assert rows["time"].to_list() == pl.concat([w.table("arp") for w in came])["time"].to_list()
