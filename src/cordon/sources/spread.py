"""Totals of a flow become the rows of its steps.

A log or an exporter tells of a flow only when it began, when it ended, and how much it carried in all. Detectors judge
on steps, so its totals are spread evenly over its time (the "time-proportional" load scheme of flow tools). A flow of
few packets gets few rows: one for about each `PACKETS_A_ROW`, so that a connection that idles for a day does not
become thousands of rows.
"""

from typing import Final

import polars as pl

from cordon.model.tables import FLOWS, STEP

PACKETS_A_ROW: Final = 50
_WHOLE: Final = 1_000_000
_LEAST: Final = 1000  # µs: shares of a flow's time are reckoned in milliseconds, so that products fit 64 bits
MOST_PACKETS: Final = 1 << 31
MOST_BYTES: Final = 1 << 50
"""Larger counters are damage; they are clipped, so that no sum overflows."""


def spread(flows: pl.DataFrame) -> pl.DataFrame:
    """Rows of whole flows (`first` to `last`, totals, final state; `began` is `first`) cut at steps.

    Each row stands in the step in which its share of time ends; `is_first`, `is_last` and `end` are kept for the first
    and the last. Shares of packets follow time, shares of bytes follow packets; all sums stay exact. The state of a
    connection that was answered is `open` until its last row.
    """
    clipped = flows.with_columns(
        *(pl.col(f"packets_{way}").clip(0, MOST_PACKETS) for way in ("out", "in")),
        *(pl.col(f"{what}_{way}").clip(0, MOST_BYTES) for what in ("bytes", "payload") for way in ("out", "in")),
        last=pl.max_horizontal("first", "last"),
    )
    whole = clipped.with_columns(
        at=pl.col("first") // STEP,
        steps=pl.col("last") // STEP - pl.col("first") // STEP + 1,
        wanted=(pl.col("packets_out") + pl.col("packets_in")) // PACKETS_A_ROW,
    ).with_columns(each=_ceiling(pl.col("steps"), pl.col("wanted").clip(lower_bound=1)))
    whole = whole.with_columns(rows=_ceiling(pl.col("steps"), pl.col("each")))
    single = pl.col("rows") == 1
    ones = whole.filter(single).with_columns(step=pl.col("last") // STEP * STEP)
    return pl.concat([ones.select(*FLOWS), _cut(whole.filter(~single))])


def _cut(flows: pl.DataFrame) -> pl.DataFrame:
    if flows.is_empty():
        return flows.with_columns(step=pl.lit(0, pl.Int64)).select(*FLOWS)
    rows = flows.with_columns(part=pl.int_ranges("rows")).explode("part", empty_as_null=False)
    until = pl.min_horizontal((pl.col("at") + (pl.col("part") + 1) * pl.col("each")) * STEP, pl.col("last") + 1)
    since = pl.max_horizontal((pl.col("at") + pl.col("part") * pl.col("each")) * STEP, pl.col("first"))
    final = pl.col("part") == pl.col("rows") - 1
    span = ((pl.col("last") - pl.col("first")) // _LEAST).clip(lower_bound=1)
    rows = rows.with_columns(since=since, until=until, final=final).with_columns(
        low=((pl.col("since") - pl.col("first")) // _LEAST * _WHOLE // span).clip(0, _WHOLE),
        high=pl.when("final")
        .then(_WHOLE)
        .otherwise(((pl.col("until") - pl.col("first")) // _LEAST * _WHOLE // span).clip(0, _WHOLE)),
    )
    shares = [share for way in ("out", "in") for share in _shares(way)]
    answered = pl.col("state").is_in(["closed", "reset"]) & (pl.col("packets_in") > 0)
    return rows.with_columns(
        *shares,
        step=(pl.col("until") - 1) // STEP * STEP,
        first=pl.col("since"),
        last=pl.col("until") - 1,
        is_first=pl.col("is_first") & (pl.col("part") == 0),
        is_last=pl.col("is_last") & pl.col("final"),
        end=pl.when("final").then("end").otherwise(pl.lit("")),
        state=pl.when(answered & ~pl.col("final")).then(pl.lit("open")).otherwise("state"),
    ).select(*FLOWS)


def _shares(way: str) -> list[pl.Expr]:
    packets = pl.col(f"packets_{way}")
    low, high = (_part(packets, pl.col(edge), pl.lit(_WHOLE)) for edge in ("low", "high"))
    shares = [(high - low).alias(packets.meta.output_name())]
    for what in (pl.col(f"bytes_{way}"), pl.col(f"payload_{way}")):
        told = pl.when(packets > 0).then(_part(what, high, packets) - _part(what, low, packets))
        shares.append(told.otherwise(pl.when("final").then(what).otherwise(0)).alias(what.meta.output_name()))
    return shares


def _part(total: pl.Expr, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """``total * part // whole`` without a product that exceeds 64 bits."""
    whole = pl.max_horizontal(whole, 1)
    return total // whole * part + total % whole * part // whole


def _ceiling(number: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    return (number + divisor - 1) // divisor
