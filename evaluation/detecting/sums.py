"""Scenarios taken together: recall, time to detect, and how often an incident was false."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from evaluation.detecting.score import Row


def share(values: Sequence[float], part: float) -> float | None:
    """The nearest-rank quantile; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else None


def at_most(events: int, confidence: float = 0.95) -> float:
    """The largest mean that leaves so few Poisson events as likely as 1 - `confidence`: an upper bound."""
    low, high = 0.0, 20.0 + 3.0 * events
    for _ in range(60):
        middle = (low + high) / 2
        total, term = 0.0, math.exp(-middle)
        for k in range(events + 1):
            total += term
            term *= middle / (k + 1)
        low, high = (middle, high) if total > 1 - confidence else (low, middle)
    return high


def together(rows: Iterable[Row]) -> dict[str, Any]:
    """One object with the sums and a row a scenario."""
    rows = list(rows)
    pairs = [pair for row in rows for pair in zip(row.families, row.seconds, strict=True)]
    times = [seconds for _, seconds in pairs if seconds is not None]
    false, days = sum(len(row.false) for row in rows), sum(row.device_days for row in rows)
    families = sorted({family for family, _ in pairs})
    by_family = {one: [seconds for family, seconds in pairs if family == one] for one in families}
    return {
        "recall": round(len(times) / len(pairs), 4) if pairs else None,
        "recall_by_family": {one: _found(mine) for one, mine in by_family.items()},
        "events_by_family": {one: len(mine) for one, mine in by_family.items()},
        "seconds_to_detect": {"p50": _rounded(share(times, 0.5)), "p95": _rounded(share(times, 0.95))},
        "events": len(pairs),
        "false_incidents": false,
        "device_days": round(days, 6),
        "false_per_device_day": round(false / days, 6) if days else None,
        "false_per_device_day_at_most": round(at_most(false) / days, 6) if days else None,
        "malformed": sum(1 for row in rows if row.error),
        "scenarios": [_row(row) for row in rows],
    }


def _found(seconds: Sequence[float | None]) -> float:
    return round(sum(one is not None for one in seconds) / len(seconds), 4)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _row(row: Row) -> dict[str, Any]:
    if row.error:
        return {"scenario": row.name, "error": row.error}
    return {
        "scenario": row.name,
        "events": len(row.families),
        "found": sum(one is not None for one in row.seconds),
        "families": list(row.families),
        "seconds_to_detect": [_rounded(one) for one in row.seconds],
        "false_incidents": len(row.false),
        "false": list(row.false),
        "device_days": round(row.device_days, 6),
    }
