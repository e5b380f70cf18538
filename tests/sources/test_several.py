"""Several sources without an end are one stream: joined where all have come to the same time, whoever is slow."""

import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl
import pytest

from cordon.model.tables import ARP, STEP
from cordon.model.window import Window
from cordon.sources import SeveralSources, SourceError

NOON = 1_900_000_000_000_000 // STEP * STEP


class Given:
    """A source of windows that are known before; it may wait for another, or break."""

    kind = "interface"
    site = "s"

    def __init__(
        self, label: str, windows: Sequence[Window], after: "Given | None" = None, breaks: bool = False
    ) -> None:
        self.label = self.segment = label
        self.windows, self.after, self.breaks = windows, after, breaks
        self.over = threading.Event()
        self.stopped = False

    def __iter__(self) -> Iterator[Window]:
        if self.after is not None:
            self.after.over.wait(10)
        yield from self.windows
        self.over.set()
        if self.breaks:
            raise OSError("the card is on fire")

    def stop(self) -> None:
        self.stopped = True

    def stats(self) -> dict[str, int]:
        rows = sum(window.table("arp").height for window in self.windows)
        first = self.windows[0].begin if self.windows else 0
        return {"packets": rows, "bytes": 60 * rows, "flows": 0, "first": first, "last": first + rows}

    def damaged(self) -> dict[str, int]:
        return {"arp: message short": len(self.windows)}


def window(step: int, *times: int, steps: int = 1) -> Window:
    """A window from a step after noon on, with something said at these moments of it."""
    begin = NOON + step * STEP
    blank = {pl.String: "", pl.Boolean: False}
    rows = [{name: blank.get(kind, 0) for name, kind in ARP.items()} | {"time": begin + time} for time in times]  # type: ignore[call-overload]
    return Window.checked("s", begin, begin + steps * STEP, {"arp": pl.DataFrame(rows, schema=ARP)} if rows else {})


def times(windows: Sequence[Window]) -> list[list[int]]:
    return [sorted(window.table("arp")["time"].to_list()) for window in windows]


@pytest.mark.parametrize("slow", [False, True])
def test_windows_are_joined_by_time_whoever_is_slow(slow: bool) -> None:
    first = Given("a", [window(0, 1), window(1, 2), window(2)])
    second = Given("b", [window(0, 5), window(1), window(2, 7)], after=first if slow else None)
    joined = list(SeveralSources([first, second]))
    assert [moment for of in times(joined) for moment in of] == [
        NOON + 1, NOON + 5, NOON + STEP + 2, NOON + 2 * STEP + 7,
    ]  # fmt: skip
    assert (joined[0].begin, joined[-1].end) == (NOON, NOON + 3 * STEP)
    assert all(before.end == after.begin for before, after in pairwise(joined))


def test_a_long_window_is_told_when_the_others_have_come_to_its_end() -> None:
    joined = list(
        SeveralSources([Given("a", [window(0, 1, steps=3)]), Given("b", [window(0), window(1, 2), window(2)])])
    )
    assert [(of.begin, of.end) for of in joined] == [(NOON, NOON + 3 * STEP)]


def test_one_that_ends_leaves_the_others_going_on() -> None:
    ended, going = Given("a", [window(0, 1)]), Given("b", [window(0), window(1, 2), window(2, 3)])
    assert sum(map(len, times(list(SeveralSources([ended, going]))))) == 3


def test_one_that_breaks_is_told_by_name_and_the_others_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: logged.append(args.exc_type))
    fine = Given("a", [window(0)])
    with pytest.raises(SourceError, match="Watching b broke off"):
        list(SeveralSources([fine, Given("b", [], breaks=True)]))
    assert fine.stopped
    wait_for_threads = [thread for thread in threading.enumerate() if thread.name == "b"]
    for thread in wait_for_threads:
        thread.join(10)
    assert logged == [OSError]


def test_counters_add_up_and_each_part_keeps_its_own() -> None:
    both = SeveralSources([Given("a", [window(0, 1, 2)]), Given("b", [window(1, 3)])])
    assert both.stats() == {"packets": 3, "bytes": 180, "flows": 0, "first": NOON, "last": NOON + STEP + 1}
    assert both.damaged() == {"arp: message short": 2}
    assert [part.segment for part in both.parts] == ["a", "b"]


def test_a_sign_of_life_is_given_by_who_takes_the_windows() -> None:
    by: set[int] = set()
    list(SeveralSources([Given("a", [window(0)])], lambda: by.add(threading.get_ident())))
    assert by == {threading.get_ident()}
