"""Windows of any length become windows of whole steps, so that no stage can tell how the source cut them."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from cordon.model.tables import STEP, TABLES, order
from cordon.model.window import Window

_SUMS: Final = (
    *("packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in"),
    *("resent_out", "resent_in", "size_squares", "gap_sum", "gap_squares"),
)
_LISTS: Final = ("sizes", "gaps")
_EXTREMES: Final = ("size_min", "size_max", "gap_min", "gap_max")
_LATEST: Final = ("state", "service", "name", "ja4", "end", "opener_known", "flags_out", "flags_in")


class Regrid:
    """Gathers windows until they are whole steps.

    Windows shorter than a step are held back until the step is over; a window of several steps passes as it is.
    Feed it windows in the order of time; `flush` gives what is left at the end.
    """

    def __init__(self, site: str) -> None:
        self._site = site
        self._held: list[Window] = []

    def feed(self, window: Window) -> Iterator[Window]:
        """The windows of whole steps that are complete with this one."""
        if self._held and window.begin >= _ceiling(self._held[0].begin + 1):
            yield from self.flush()
        self._held.append(window)
        if window.end % STEP == 0:
            yield from self.flush()

    def flush(self) -> Iterator[Window]:
        """What is held back, as if its step were over."""
        if self._held:
            begin, end = self._held[0].begin, self._held[-1].end
            tables = {
                name: _joined(name, [window.tables[name] for window in self._held if name in window.tables])
                for name in TABLES
            }
            self._held.clear()
            yield Window(self._site, begin - begin % STEP, _ceiling(end), tables)


def _ceiling(time: int) -> int:
    return -(-time // STEP) * STEP


def _joined(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    frame = pl.concat(frames) if frames else pl.DataFrame(schema=TABLES[name])
    if name == "flows":
        return _one_row_a_step(frame)
    return frame.sort(order(name), maintain_order=True) if frame.height else frame


def _one_row_a_step(flows: pl.DataFrame) -> pl.DataFrame:
    """Delta rows of one flow within one step added up."""
    if flows.height == 0:
        return flows
    if one_row_a_step(flows):
        return flows.sort("step", "first", "flow")
    told = {*_SUMS, *_LATEST, *_LISTS, *_EXTREMES, "step", "flow", "is_first", "is_last", "first", "last"}
    rest = [c for c in flows.columns if c not in told]
    return (
        flows.group_by("step", "flow", maintain_order=True)
        .agg(
            *(pl.col(c).first() for c in rest),
            *(pl.col(c).last() for c in _LATEST),
            *(pl.col(c).sum() for c in _SUMS),
            pl.col("is_first").any(),
            pl.col("is_last").any(),
            pl.col("first").min(),
            pl.col("last").max(),
            *(pl.col(c).explode(empty_as_null=False) for c in _LISTS),
            pl.col("size_min").filter(pl.col("size_max") > 0).min().fill_null(0),  # a last row may have no packet
            pl.col("gap_min").filter(_has_gaps()).min().fill_null(0),
            *(pl.col(c).max() for c in ("size_max", "gap_max")),
        )
        .select(flows.columns)
        .sort("step", "first", "flow")
    )


def one_row_a_step(flows: pl.DataFrame) -> bool:
    """Whether no two rows are of the same flow and step."""
    mixed = pl.col("flow") ^ pl.col("step").cast(pl.UInt64)  # equal pairs give equal words: one column is compared
    if flows.select(mixed.n_unique()).item() == flows.height:
        return True
    return flows.n_unique(["step", "flow"]) == flows.height


def _has_gaps() -> pl.Expr:
    return pl.col("packets_out") + pl.col("packets_in") > pl.col("is_first").cast(pl.Int64)
