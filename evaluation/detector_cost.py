"""Prints what each detector costs: microseconds of one core per step, on all scenarios one after the other.

Run: ``PYTHONPATH=src:tests python -m evaluation.detector_cost`` from the root of the repository.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time_ns

from cordon.detect import Knowledge, State, step
from cordon.detect.detector import Detector
from cordon.detect.detectors import DETECTORS
from cordon.detect.features import Features
from cordon.model.finding import Finding
from detect.traffic import KEY, facts_of, read

SPENT: Counter[str] = Counter()


def timed(detector: type[Detector]) -> Detector:
    """The detector, with the time of each look added up in `SPENT`."""

    class Timed(detector):  # type: ignore[misc, valid-type]  # of whichever detector is given
        def look(self, seen: Features) -> Iterator[Finding]:
            began = process_time_ns()
            found = list(super().look(seen))
            SPENT[self.id] += process_time_ns() - began
            yield from found

    return Timed()


def main(steps: int = 6) -> None:
    """Runs every scenario in windows of `steps` and prints the table."""
    detectors = tuple(timed(one) for one in DETECTORS)
    knowledge, windows, whole = Knowledge(KEY), 0, 0
    for path in sorted((Path(__file__).parents[1] / "scenarios").glob("*/scenario.toml")):
        state = State()
        for facts in facts_of(read(path.parent), steps):
            began = process_time_ns()
            state, _ = step(state, facts, detectors, knowledge)
            whole += process_time_ns() - began
            windows += 1
    print(f"{windows} windows of {steps} steps with traffic; µs of one core per window")
    print(f"{'detector':24}{'level':8}{'µs':>8}")
    for detector in DETECTORS:
        print(f"{detector.id:24}{detector.level:8}{SPENT[detector.id] // windows // 1000:8}")
    print(f"{'all, with features':32}{whole // windows // 1000:8}")


if __name__ == "__main__":
    main()
