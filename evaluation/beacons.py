"""Measures which beacons are noticed among the heartbeats of a fleet, and how often a heartbeat is taken for one.

    python evaluation/beacons.py                both halves of the profiles: those that were looked at, those kept apart
    python evaluation/beacons.py --part apart   the second half only
    python evaluation/beacons.py --json

Each half has 50 profiles of command and control (5 s to 24 h; jitter to 100 % even, normal, exponential; drop-outs;
working hours; HTTPS, DNS, MQTT, TCP, UDP) on devices of two fleets of a hundred, for a week of event time each, and all
goes through the whole pipeline as rows of flows, names and sightings. RITA v5's score is computed on the same calls.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(HERE)]  # the parts stand beside this file

import numpy as np  # noqa: E402
from evaluation.beaconing.measure import RITA, Measured, groups, measure  # noqa: E402
from evaluation.beaconing.profiles import Profile, profiles  # noqa: E402

PARTS = {"looked at": 1, "apart": 2}


def main() -> None:
    """Prints a table for each part."""
    parser = argparse.ArgumentParser(
        prog="beacons", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, help="only this half of the profiles")
    parser.add_argument("--seed", type=int, help="other profiles and fleets than the shipped ones")
    parser.add_argument("--every", action="store_true", help="a line for each profile too")
    parser.add_argument("--json", action="store_true", help="print one object")
    asked = parser.parse_args()
    chosen = {asked.part: PARTS[asked.part]} if asked.part else PARTS
    found = {}
    for name, seed in ({"other": asked.seed} if asked.seed else chosen).items():
        told, rows = part(seed)
        found[name] = told
        if not asked.json:
            show(name, told, rows if asked.every else [])
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))


def part(seed: int) -> tuple[dict[str, Any], list[str]]:
    """What came of the profiles of a seed, in two fleets; and a line for each profile."""
    all_of = profiles(seed)
    halves = (all_of[::2], all_of[1::2])
    done = [measure(half, 1000 * seed + at) for at, half in enumerate(halves)]
    lines = []
    for one in all_of:
        late = next(m.found[one.name] for m in done if one.name in m.found)
        by = next(m.by[one.name] for m in done if one.name in m.by)
        lines.append(f"{one.name:34} {one.transport:22} {one.period / 1e6:8.0f} s  {one.jitter:.2f}  "
                     f"{'missed' if late is None else f'{late:7.1f} periods'} {by}")  # fmt: skip
    return told(all_of, done), lines


def told(all_of: tuple[Profile, ...], done: list[Measured]) -> dict[str, Any]:
    """One object: recall by group, false ones a week of a hundred devices, time to detect, RITA beside it."""
    late = {name: periods for one in done for name, periods in one.found.items()}
    scores = {name: score for one in done for name, score in one.rita.items()}
    others = np.array([score for one in done for score in one.rita_other])
    weeks = sum(one.weeks for one in done)
    found = sorted(one for one in late.values() if one is not None)
    by_group = {}
    for group, names in groups(all_of).items():
        mine = [late[name] for name in names]
        by_group[group] = {
            "profiles": len(names),
            "recall": round(sum(one is not None for one in mine) / len(mine), 4),
            "rita": {f"{bar}": round(sum(scores[name] >= bar for name in names) / len(names), 4) for bar in RITA},
        }
    return {
        "profiles": len(all_of),
        "groups": by_group,
        "false_a_week": round(sum(len(one.false) for one in done) / weeks, 2),
        "false": [said for one in done for said in one.false],
        "rita_false_a_week": {f"{bar}": round(float((others >= bar).sum()) / weeks, 1) for bar in RITA},
        "periods_to_detect": {f"p{at}": round(float(np.percentile(found, at)), 1) for at in (50, 95)} if found else {},
        "flows": sum(one.flows for one in done),
        "seconds": round(sum(one.seconds for one in done), 1),
    }


def show(name: str, told: dict[str, Any], lines: list[str]) -> None:
    """Prints it as tables."""
    bars = " | ".join(f"RITA ≥ {bar}" for bar in RITA)
    print(f"\n### The half {name}\n\n| profiles | | found | {bars} |\n|---|---:|---:|" + "---:|" * len(RITA))
    for group, one in told["groups"].items():
        beside = " | ".join(f"{share:.0%}" for share in one["rita"].values())
        print(f"| {group} | {one['profiles']} | {one['recall']:.1%} | {beside} |")
    false = " | ".join(f"{one:.0f}" for one in told["rita_false_a_week"].values())
    print(f"| false a week of 100 devices | | {told['false_a_week']} | {false} |")
    late = told["periods_to_detect"]
    print(f"\nperiods to detect: p50 {late.get('p50')}, p95 {late.get('p95')}; {told['flows']:,} rows of flows "
          f"in {told['seconds']} s")  # fmt: skip
    for line in [*told["false"], *lines]:
        print(line)


if __name__ == "__main__":
    main()
