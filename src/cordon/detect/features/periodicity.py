"""Periodicity: how evenly spaced the contacts of a device with a destination are, and how steadily they go on.

Starts of connections count, small words on a standing connection, and questions of DNS for a name that is never
called (its calls may travel in the questions). Robust interval measures as in RITA (median and range about it, not mean
and variance), at four scales of time: every beat, beats after a pause of a minute (several connections make one
call), and the first of each quarter of an hour and of each hour (what is random by the minute is steady by the hour).
Calls that were missed leave multiples of the period. Memoryless calls have no period; what tells them from people's is
that they know no night, and that their counts vary no more than chance has it. Periodicity alone says nothing of
malice: devices live by heartbeats.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cordon.detect.data.suffixes import organisation
from cordon.detect.state import BEATS
from cordon.model.memo import nothing
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND, Schema

AT_FIRST = 10 * MINUTE
"""Time in which a device calls the places it was made to call, when it comes."""
SILENCE = 20 * SECOND
SMALL = 2_000
"""Bytes both ways that a word on a standing connection has at most; more of it without a pause is a stream."""
QUARTER = 15 * MINUTE
LOOKED_AT = 48
KEPT = 2 * LOOKED_AT
LEAST = 5
"""Fewer beats have no rhythm."""
PLACES = 64
"""Destinations of a device whose beats are kept, those called last."""
REMEMBERED = 14 * DAY
MISSED = 3
"""Pauses of so many periods still tell of the period."""

RHYTHMS: Final[Schema] = {
    "device": pl.String,
    "dest": pl.String,
    "port": pl.UInt16,
    "step": pl.Int64,
    "beats": pl.Int64,
    "period": pl.Int64,  # median pause, µs
    "regular": pl.Int64,  # thousandths of the pauses within a quarter of the period, or of a multiple of it
    "wavers": pl.Int64,  # range of the middle half of the pauses, thousandths of the period; long breaks left out
    "breaks": pl.Int64,  # thousandths of the pauses that are longer than four periods
    "bursts": pl.Int64,  # variance of counts in equal spans by their mean, thousandths: about 1,000 is pure chance
    "night": pl.Int64,  # the longest time of day at which there never was one, µs
    "uneven": pl.Int64,  # range of the middle half of the sizes, thousandths of their median
    "covered": pl.Int64,  # from first to last, µs
    "began": pl.Int64,
    "bytes": pl.Int64,  # median sent
}


def beats_of(contacts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The beats among contacts; `known` is what was known before them. One per device, destination, port and step."""
    if contacts.is_empty():
        return nothing(BEATS)
    theirs = pl.col("device").is_in(contacts["device"].unique().to_list())
    before = known.filter(theirs & pl.col("key").str.starts_with("=")).select(
        "device", pl.col("key").str.slice(1).alias("dest"), pl.col("last").alias("quiet_since")
    )
    rows = contacts.join(before, on=["device", "dest"], how="left", maintain_order="left").sort(
        "device", "dest", "first", "port", "proto", "net"
    )
    ended = pl.max_horizontal(pl.col("last").cum_max().shift(1).over("device", "dest"), "quiet_since")
    after_silence = (pl.col("first") - ended >= SILENCE).fill_null(True)
    beats = rows.filter(pl.col("opened") | after_silence | (pl.col("out") + pl.col("into") <= SMALL))
    return _sorted(
        beats.group_by("device", "dest", "port", "step").agg(time=pl.col("first").min(), bytes_out=pl.col("out").sum())
    )


def met_early(contacts: pl.DataFrame, known: pl.DataFrame, settled: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Contacts over TCP of devices that are not known yet, and call by name, with places without a name that they did
    not call at first."""
    bare = contacts.filter(~pl.col("named") & (pl.col("proto") == 6)).join(settled, on="device", how="anti")
    if bare.is_empty() or names.is_empty():
        return contacts.clear()
    asked = names.group_by("device").agg(asked=pl.col("time").min())
    places = known.filter(pl.col("key").str.starts_with("="))
    began = places.group_by("device").agg(began=pl.col("first").min())
    met = places.select("device", pl.col("key").str.slice(1).alias("dest"), met="first")
    rows = bare.join(asked, on="device").join(began, on="device").join(met, on=["device", "dest"])
    later = (pl.col("met") >= pl.col("began") + AT_FIRST) & (pl.col("asked") < pl.col("step"))
    return rows.filter(later).select(contacts.columns)


def asked_of(lookups: pl.DataFrame) -> pl.DataFrame:
    """Whom devices asked for by name, by its owner: device, dest, step, time, bytes_out; one per step."""
    schema = {name: kind for name, kind in BEATS.items() if name != "port"}
    if lookups.is_empty():
        return pl.DataFrame(schema=schema)
    asked = lookups.filter(
        ~pl.col("is_response")
        & pl.col("name").str.contains(".", literal=True)
        & ~pl.col("name").str.contains(r"\.(arpa|local|lan|home|internal)$|^_")
    )
    if asked.is_empty():
        return pl.DataFrame(schema=schema)
    owners = {name: organisation(name) for name in asked["name"].unique().to_list()}
    return (
        asked.with_columns(dest=pl.col("name").replace_strict(owners, return_dtype=pl.String))
        .group_by("device", "dest", "step")
        .agg(time=pl.col("time").min(), bytes_out=pl.col("size").sum())
        .select(*schema)
    )


def asked_late(asked: pl.DataFrame, known: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Beats of questions for names that a device met only after it was known, and never called."""
    if asked.is_empty() or settled.is_empty():
        return nothing(BEATS)
    rows = asked.join(settled, on="device", how="inner")
    for prefix, column in (("%", "asked"), ("=", "called")):
        firsts = known.filter(pl.col("key").str.starts_with(prefix))
        firsts = firsts.select("device", pl.col("key").str.slice(1).alias("dest"), pl.col("first").alias(column))
        rows = rows.join(firsts, on=["device", "dest"], how="left")
    uncalled = pl.col("called").is_null() | (pl.col("called") > pl.col("step"))
    late = rows.filter((pl.col("asked") >= pl.col("settled")) & uncalled)
    return _sorted(late.with_columns(port=pl.lit(53, pl.UInt16)))


def _sorted(beats: pl.DataFrame) -> pl.DataFrame:
    return beats.select(*BEATS).sort("device", "dest", "port", "time")


def rhythms(beats: pl.DataFrame, begin: int) -> pl.DataFrame:
    """How regular the beats up to each one from `begin` on are, a row for each scale of time; see `RHYTHMS`."""
    found: list[tuple[object, ...]] = []
    for (device, dest, port), rows in beats.group_by(["device", "dest", "port"], maintain_order=True):
        times, steps, sizes = (rows[column].to_numpy() for column in ("time", "step", "bytes_out"))
        firsts = [np.flatnonzero(np.diff(times // span, prepend=-1)) for span in (QUARTER, HOUR)]
        for at in range(int(np.searchsorted(steps, begin)), len(times)):
            since = int(np.searchsorted(times, times[at] - REMEMBERED))
            for chosen in _scales(times, firsts, since, at):
                if chosen.size >= LEAST:
                    found.append((device, dest, port, int(steps[at]), *_measured(times[chosen], sizes[chosen])))
    return pl.DataFrame(found, schema=RHYTHMS, orient="row").sort("step", "device", "dest", "port", "beats")


def _scales(
    times: NDArray[np.int64], firsts: list[NDArray[np.int64]], since: int, at: int
) -> Iterator[NDArray[np.int64]]:
    """Which beats up to number `at` are looked at: the last ones, those after a pause, the first of longer spans."""
    last = np.arange(max(since, at + 1 - KEPT), at + 1)
    paused = last[1:][np.diff(times[last]) >= MINUTE]
    yield last[-LOOKED_AT:]
    if paused.size < last.size - 1:
        yield paused[-LOOKED_AT:]
    for first in firsts:
        low, high = np.searchsorted(first, (since, at + 1))
        within = first[low:high][-LOOKED_AT:]
        if within.size < at + 1 - since:
            yield within


def _measured(times: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[int, ...]:
    """From `beats` on, as in `RHYTHMS`."""
    gaps = np.diff(times)
    gaps.sort()
    period = max(_median(gaps), 1)
    times_over = np.clip(np.round(gaps / period), 1, MISSED)
    near = np.abs(gaps - times_over * period) <= max(period // 4, 2 * SECOND)
    unbroken = gaps[: np.searchsorted(gaps, 4 * period, side="right")]
    covered = int(times[-1] - times[0])
    spans = max(2, len(times) // 3)
    counts = np.bincount(np.minimum((times - times[0]) * spans // max(covered, 1), spans - 1), minlength=spans)
    sizes = np.sort(sizes)
    size = _median(sizes)
    return (
        len(times), period, int(near.sum()) * 1000 // len(gaps), _middle_half(unbroken) * 1000 // period,
        (len(gaps) - len(unbroken)) * 1000 // len(gaps), int(counts.var() * 1000 / counts.mean()),
        _night(times), _middle_half(sizes) * 1000 // max(size, 1), covered, int(times[0]), size,
    )  # fmt: skip


def _median(ordered: NDArray[np.int64]) -> int:
    half = len(ordered) // 2
    return int(ordered[half]) if len(ordered) % 2 else (int(ordered[half - 1]) + int(ordered[half])) // 2


def _night(times: NDArray[np.int64]) -> int:
    """The longest gap between times of day, on the circle of 24 hours."""
    of_day = np.sort(times % DAY)
    return int(max(np.diff(of_day).max(), of_day[0] + DAY - of_day[-1]))


def _middle_half(ordered: NDArray[np.int64]) -> int:
    """From the lower to the upper quartile."""
    return int(ordered[(len(ordered) - 1) * 3 // 4] - ordered[(len(ordered) - 1) // 4])


def bounded(beats: pl.DataFrame, end: int) -> pl.DataFrame:
    """The last beats of each destination, and the first of each hour of the last days and of each quarter of the last
    day; of each device's last places."""
    by = ["device", "dest", "port"]
    rows = beats.filter(pl.col("time") > end - REMEMBERED).sort(*by, "time")
    recent = pl.int_range(pl.len(), 0, -1).over(by) <= KEPT
    hourly, quarterly = (
        (pl.col("time") // span != (pl.col("time") // span).shift(1)).fill_null(True).over(by)
        for span in (HOUR, QUARTER)
    )
    rows = rows.filter(recent | hourly | (quarterly & (pl.col("time") > end - DAY)))
    lasts = (
        rows.group_by(by)
        .agg(pl.col("time").max())
        .sort("device", "time", "dest", "port", descending=[False, True, False, False])
    )
    kept = lasts.filter(pl.int_range(pl.len()).over("device") < PLACES)
    return rows.join(kept, on=by, how="semi").select(*BEATS).sort(*by, "time")
