"""Rows that say the same again are left out: of those alike within an hour the first and the last step stay.

An exposure stands from the first step that shows it, was seen last in the last, and is told once an hour: nothing
follows from the steps between. Alike are rows with the same device of which the same is known, for checks go by that.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from cordon.model.tables import HOUR, STEP

_HOUR: Final = "_hour"


def ends_of(rows: pl.DataFrame, by: Sequence[str], devices: pl.DataFrame, turns: Iterable[int] = ()) -> pl.DataFrame:
    """The first and last of the rows that are alike in the columns `by`, in the order they came.

    Args:
        rows: with a `step`, a `device` and perhaps a `peer_device`.
        by: what makes rows alike, beside the hour and what is known of the devices then.
        devices: every version of each device.
        turns: steps (µs) at which something else became known that checks go by.
    """
    if rows.height < 3 or rows["step"].n_unique() < 3:
        return rows
    # An exposure is told at the end of a step: an hour holds the steps that end in it.
    rows = rows.with_columns(((pl.col("step") + STEP) // HOUR).alias(_HOUR))
    keys = [*by, _HOUR]
    lowest, highest = rows["step"].min(), rows["step"].max()
    learned = devices.filter((pl.col("time") > lowest + STEP) & (pl.col("time") <= highest + STEP))  # type: ignore[operator]
    for column in ("device", "peer_device"):
        if column in rows.columns and learned.height:
            rows = _known(rows, learned, column)
            keys.append(f"_{column}")
    inside = sorted({turn for turn in turns if lowest < turn <= highest})  # type: ignore[operator]  # numbers
    if inside:
        known = pl.sum_horizontal([(pl.col("step") >= turn).cast(pl.Int32) for turn in inside])
        rows, keys = rows.with_columns(known.alias("_turns")), [*keys, "_turns"]
    step = pl.col("step")
    kept = rows.filter((step == step.min().over(keys)) | (step == step.max().over(keys)))
    return kept.drop(name for name in kept.columns if name.startswith("_"))


def _known(rows: pl.DataFrame, devices: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows with which version of a device was known at the end of their step."""
    versions = devices.select(pl.col("device").alias(column), pl.col("time").alias(f"_{column}")).sort(f"_{column}")
    at = rows.with_row_index("_at").with_columns((pl.col("step") + STEP).alias("_end")).sort("_end")
    found = at.join_asof(
        versions, left_on="_end", right_on=f"_{column}", by=column, strategy="backward", check_sortedness=False
    )
    return found.sort("_at").drop("_at", "_end").with_columns(pl.col(f"_{column}").fill_null(0))
