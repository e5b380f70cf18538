"""Prints what was measured as tables."""

from collections.abc import Mapping
from typing import Any


def scenarios(found: Mapping[str, Any]) -> None:
    """The sums and a line a scenario."""
    sums(found)
    print("\n| scenario | events | found | seconds to detect | false incidents | device-days |")
    print("|---|---:|---:|---|---:|---:|")
    for row in found["scenarios"]:
        if "error" in row:
            print(f"| {row['scenario']} | malformed | | | | |")
            continue
        seconds = ", ".join("missed" if one is None else f"{one:.0f}" for one in row["seconds_to_detect"]) or "–"
        print(f"| {row['scenario']} | {row['events']} | {row['found']} | {seconds} | {row['false_incidents']} "
              f"| {row['device_days']:.2f} |")  # fmt: skip
    for row in found["scenarios"]:
        for said in row.get("false", ()):
            print(f"\nfalse in {row['scenario']}: {said}")


def sums(found: Mapping[str, Any]) -> None:
    """Recall in all and by family, time to detect, false incidents."""
    print("| family | events | found |\n|---|---:|---:|")
    for family, recall in found["recall_by_family"].items():
        print(f"| {family} | {found['events_by_family'][family]} | {recall:.1%} |")
    if found["recall"] is not None:
        print(f"| **all** | **{found['events']}** | **{found['recall']:.1%}** |")
    seconds, days = found["seconds_to_detect"], found["device_days"]
    if seconds["p50"] is not None:
        print(f"\ntime to detect: p50 {seconds['p50']:.0f} s, p95 {seconds['p95']:.0f} s")
    print(f"\nfalse incidents: {found['false_incidents']} in {days:.2f} device-days", end="")
    if days:
        bound = found["false_per_device_day_at_most"]
        print(f" ({found['false_per_device_day']:.4f} a device-day; at most {bound:.4f} with 95 % confidence)", end="")
    print()


def beside(found: Mapping[str, Any]) -> None:
    """Cordon and the trivial rules, side by side."""
    print("\n| | events found | p95 seconds | false incidents | a device-day |\n|---|---:|---:|---:|---:|")
    for name, one in {"Cordon": found, **found["baselines"]}.items():
        recall = "–" if one["recall"] is None else f"{one['recall']:.1%}"
        late = one["seconds_to_detect"]["p95"]
        rate = one["false_per_device_day"]
        print(
            f"| {name} | {recall} | {'–' if late is None else f'{late:.0f}'} | {one['false_incidents']} "
            f"| {'–' if rate is None else f'{rate:.3f}'} |"
        )
