"""RITA v5's score of a beacon, as its code has it: timing, size, duration and histogram, a quarter each.

For each pair of a device and a place, over the 24 hours in which it scores best, and over the whole week for those
that call less than four times a day.
"""

import numpy as np
from numpy.typing import NDArray

from cordon.model.tables import DAY, SECOND

LEAST, MOST, BARS = 4, 86_400, 24


def score(times: NDArray[np.int64], sizes: NDArray[np.int64]) -> float:
    """The best score of a pair, 0 to 1. `times` in µs, in order; `sizes` bytes sent."""
    if not times.size:
        return 0.0
    days = (times - times[0]) // DAY
    spans = [np.flatnonzero(days == day) for day in np.unique(days)] + [np.arange(times.size)]
    return max(_scored(times[one], sizes[one]) for one in spans)


def _scored(times: NDArray[np.int64], sizes: NDArray[np.int64]) -> float:
    seconds = times // SECOND
    if np.unique(seconds).size < LEAST or times.size >= MOST:
        return 0.0
    begin = seconds[0]
    length = max(DAY // SECOND, int(seconds[-1] - begin) + 1)
    bars = np.bincount((seconds - begin) * BARS // length, minlength=BARS)[:BARS]
    parts = (even(np.diff(np.unique(seconds)), 10), even(sizes, 10), duration(bars, seconds, length), histogram(bars))
    return float(sum(parts) / 4)


def even(values: NDArray[np.int64], least: int) -> float:
    """How alike values are: Bowley's skew and the deviation from the median."""
    low, mid, high = np.percentile(values, (25, 50, 75))
    spread = high - low
    skew = 0.0 if spread < least or mid in (low, high) else (low + high - 2 * mid) / spread
    median = float(np.median(values))
    mad = float(np.median(np.abs(values - median)))
    return float(((1 - abs(skew)) + (max(0.0, (median - mad) / median) if median > 0 else 0.0)) / 2)


def duration(bars: NDArray[np.int64], seconds: NDArray[np.int64], length: int) -> float:
    """How much of the time it lasts, or how long without a pause, at least six bars."""
    full = bars > 0
    if full.sum() < 6:
        return 0.0
    runs = np.diff(np.flatnonzero(np.concatenate(([True], ~full, [True])))) - 1
    return float(min(1.0, max((seconds[-1] - seconds[0]) / length, runs.max() / 12)))


def histogram(bars: NDArray[np.int64]) -> float:
    """How even the bars are, or whether they have two heights."""
    mean = bars.mean()
    cv = bars.std() / mean if mean else 2.0
    flat = max(0.0, 1 - cv)
    full = bars[bars > 0]
    if full.size < 11:
        return float(flat)
    wide = max(1, int(np.ceil(full.max() * 0.05)))
    heights = np.sort(np.unique(full // wide, return_counts=True)[1])[::-1]
    return float(max(flat, heights[:2].sum() / full.size))
