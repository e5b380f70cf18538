"""How long each device is usually silent: a door sensor that speaks once a day is not gone after an hour.

The pauses between the steps in which an endpoint is heard are counted by how long they last. What it came back from
more than once is usual for it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from cordon.model.tables import DAY, HOUR, MINUTE

BOUNDS: Final = (
    2 * MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    8 * HOUR,
    DAY + HOUR,
    3 * DAY,
    8 * DAY,
    35 * DAY,
)
"""Classes of pauses by the longest of each; a day and a week have room for a clock that wanders."""
OFTEN: Final = 2  # so many pauses of a class, or of longer ones, are usual
_MOST: Final = 64  # counts of a class stop here


def pauses(seen: Mapping[str, int], heard: pl.DataFrame) -> list[tuple[int, str, int]]:
    """The pauses of more than a minute that ended in a window: the step in which each ended, the key of the endpoint,
    and how long it was in µs.

    Args:
        seen: the last step each endpoint was heard in, before.
        heard: sightings, with `segment`, `mac`, `step`.
    """
    steps = (
        heard.lazy()
        .select(pl.concat_str("segment", "mac", separator="|").alias("place"), "step")
        .unique()
        .sort("place", "step")
        .with_columns(last=pl.col("step").shift().over("place"))
    )
    within = steps.filter(pl.col("step") - pl.col("last") > MINUTE).collect()
    firsts = steps.filter(pl.col("last").is_null()).select("place", "step").collect()
    found = [(step, place, step - last) for place, step, last in within.iter_rows()]
    for place, step in firsts.iter_rows():
        if step - (last := seen.get(place, step)) > MINUTE:
            found.append((step, place, step - last))
    return found


def counted(row: tuple[int, ...], pause: int) -> tuple[int, ...]:
    """The counts of an endpoint with a pause more, one number for each of `BOUNDS`."""
    kind = next((at for at, bound in enumerate(BOUNDS) if pause <= bound), len(BOUNDS) - 1)
    counts = list(row or (0,) * len(BOUNDS))
    counts[kind] = min(_MOST, counts[kind] + 1)
    return tuple(counts)


def usual(counts: Iterable[tuple[int, ...]]) -> int:
    """The longest usual pause in µs of a device whose endpoints have these counts; 0 while that is not learned.

    Of several endpoints, the one that speaks most often tells.
    """
    return min((found for row in counts if (found := _usual(row))), default=0)


def _usual(row: tuple[int, ...]) -> int:
    longer = 0
    for bound, number in reversed(tuple(zip(BOUNDS, row, strict=False))):  # no row: nothing was counted
        longer += number
        if longer >= OFTEN:
            return bound
    return 0
