"""Periodicity: how evenly spaced the contacts of a device with a destination are.

Starts of connections count, and words on a standing connection after a silence. Robust interval measures as in
RITA (median and deviation from it, not mean and variance) with a look at how much was regular at all; jitter of a
quarter still passes. Periodicity alone says nothing of malice: devices live by heartbeats.
"""

import numpy as np
import polars as pl

from cordon.detect.state import BEATS
from cordon.model.memo import nothing
from cordon.model.tables import HOUR, SECOND

SILENCE = 20 * SECOND
KEPT = 48
LOOKED_AT = 24


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
    beats = rows.filter(pl.col("opened") | (pl.col("first") - ended >= SILENCE).fill_null(True))
    return (
        beats.group_by("device", "dest", "port", "step")
        .agg(time=pl.col("first").min(), bytes_out=pl.col("out").sum())
        .select(*BEATS)
        .sort("device", "dest", "port", "time")
    )


def rhythms(beats: pl.DataFrame, begin: int) -> pl.DataFrame:
    """How regular the beats up to each new one are, for destinations with at least six.

    Returns:
        device, dest, port, step, beats, period (median interval, µs), regular (thousandths of the intervals within a
        quarter of it), covered (µs from first to last), began, bytes (median sent).
    """
    found: list[tuple[str, str, int, int, int, int, int, int, int, int]] = []
    for (device, dest, port), rows in beats.group_by(["device", "dest", "port"], maintain_order=True):
        times, steps, sizes = (rows[column].to_numpy() for column in ("time", "step", "bytes_out"))
        for at in range(5, len(times)):
            if steps[at] < begin:
                continue
            start = max(0, at - LOOKED_AT, int(np.searchsorted(times, times[at] - 24 * HOUR)))
            if at - start < 5:
                continue
            gaps = np.diff(times[start : at + 1])
            period = int(np.median(gaps))
            near = np.abs(gaps - period) <= max(period // 4, 2 * SECOND)
            regular = int(near.sum()) * 1000 // len(gaps)
            size = int(np.median(sizes[start : at + 1]))
            covered, began = int(times[at] - times[start]), int(times[start])
            group = (str(device), str(dest), int(str(port)), int(steps[at]))
            found.append((*group, len(gaps) + 1, period, regular, covered, began, size))
    columns = ["device", "dest", "port", "step", "beats", "period", "regular", "covered", "began", "bytes"]
    types = {name: pl.String if name in {"device", "dest"} else pl.Int64 for name in columns}
    return pl.DataFrame(found, schema=types, orient="row").sort("step", "device", "dest", "port")


def bounded(beats: pl.DataFrame, end: int) -> pl.DataFrame:
    """The last beats of each destination, of the last 24 hours."""
    kept = beats.filter(pl.col("time") > end - 24 * HOUR).sort("device", "dest", "port", "time")
    return kept.group_by("device", "dest", "port", maintain_order=True).tail(KEPT).select(*BEATS)
