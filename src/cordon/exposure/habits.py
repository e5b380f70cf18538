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

Habit = tuple[int, int, int, int]
"""First seen, last asked for the time, last sent its log, begin of the hour it was judged last; µs, 0: never."""
Judged = tuple[int, str, int, int, int]
"""Of one device once an hour: the step, its id, since when it is known, when it last asked and sent."""


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
        since, asked, sent, last = found.get(device, (0, 0, 0, 0))
        if not since and len(found) >= MOST:
            continue
        since = since or step
        asked, sent = (step if what == _ASKS else asked), (step if what == _SENDS else sent)
        if what == _JUDGE and begin > last:
            judged.append((step, device, since, asked, sent))
            last = begin
        found[device] = since, asked, sent, last
    return found, tuple(judged)
