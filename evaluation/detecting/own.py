"""The scenarios of this repository: what each must and must not find, of the detectors alone."""

from pathlib import Path
from typing import Any

from cordon.detect import Knowledge, State, step
from cordon.detect.detectors import DETECTORS
from cordon.model.families import FAMILIES
from detect.traffic import KEY, facts_of, read


def judged(folder: Path, steps: int = 60) -> dict[str, Any]:
    """How many of the findings that must be there are, and how many are that must not, by family."""
    family = {one.id: one.family for one in DETECTORS}
    sums = {one: {"wanted": 0, "found": 0, "forbidden": 0, "false": 0} for one in FAMILIES}
    for path in sorted(folder.glob("*/scenario.toml")):
        scenario, state = read(path.parent), State()
        said: set[tuple[str, str]] = set()
        for facts in facts_of(scenario, steps):
            state, out = step(state, facts, knowledge=Knowledge(KEY))
            said |= {(one.detector, one.device) for one in out.findings}
        for detector, devices in scenario.must.items():
            sums[family[detector]]["wanted"] += len(devices)
            sums[family[detector]]["found"] += sum((detector, device) in said for device in devices)
        for detector in scenario.must_not:
            sums[family[detector]]["forbidden"] += 1
            sums[family[detector]]["false"] += any(detector == one for one, _ in said)
    return {name: counts for name, counts in sums.items() if counts["wanted"] or counts["forbidden"]}


def show(found: dict[str, Any]) -> None:
    """Prints the table."""
    print("| family | must be found | found | look-alikes | wrongly found |\n|---|---:|---:|---:|---:|")
    for name, counts in found.items():
        print(f"| {name} | {counts['wanted']} | {counts['found']} | {counts['forbidden']} | {counts['false']} |")
