"""Whether devices ever ask for the time or send their log: what only its absence shows."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from cordon.model.tables import HOUR

TIME: Final = ("ntp",)
TIME_PORTS: Final = (37, 123, 319, 320, 4460)  # RFC 868, NTP, PTP, NTS
LOG_PORTS: Final = (514, 601, 6514)  # syslog: RFC 5426, RFC 6587, RFC 5425
_ASKS, _SENDS, _JUDGE = 1, 2, 9  # within a step, whoever asks has asked when it is judged
MOST: Final = 20_000
"""Devices that are followed."""

Habit = tuple[int, int, int]
"""Hours in which it was active since it last asked for the time, and since it last sent its log; the latest of them."""
Judged = tuple[int, str, int, int]
"""A device in the first step of an hour in which it is active: the step, its id, and both numbers of hours."""


def follow(talks: pl.DataFrame | None, known: Mapping[str, Habit]) -> tuple[dict[str, Habit], tuple[Judged, ...]]:
    """The habits after a window's talks, and each device as it stood in its first step of each hour in it."""
    found = dict(known)
    if talks is None or talks.is_empty():
        return found, ()
    asks = pl.col("service").is_in(TIME) | pl.col("port").is_in(TIME_PORTS)
    sends = pl.col("port").is_in(LOG_PORTS) | (pl.col("service") == "syslog")
    what = pl.when(pl.col("initiated") & asks).then(_ASKS).when(pl.col("initiated") & sends).then(_SENDS).otherwise(3)
    hour = pl.col("step") // HOUR * HOUR
    rows = (
        talks.filter(pl.col("device") != "")
        .group_by("device", what.alias("what"), hour.alias("hour"))
        .agg(first=pl.col("step").min(), last=pl.col("step").max())
    )
    events = set()
    for device, what, hour_of, first, last in rows.iter_rows():
        events |= {(first, what, device, hour_of), (last, what, device, hour_of), (first, _JUDGE, device, hour_of)}
    judged = []
    for step, what, device, begin in sorted(events):
        timeless, silent, last = found.get(device, (0, 0, 0))
        if not last and len(found) >= MOST:
            continue
        timeless, silent = (0 if what == _ASKS else timeless), (0 if what == _SENDS else silent)
        if what == _JUDGE and begin > last:
            judged.append((step, device, timeless, silent))
            timeless, silent, last = timeless + 1, silent + 1, begin
        found[device] = timeless, silent, last
    return found, tuple(judged)
