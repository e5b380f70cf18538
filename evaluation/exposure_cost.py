"""Prints what the stage of exposures costs of reading a capture: seconds of one core by stage, and by check.

Run: ``PYTHONPATH=src python -m evaluation.exposure_cost [traffic.pcap]`` from the root of the repository. It reads the
capture as ``cordon read`` does, record and history included, into a folder that is thrown away; without one, a mix of
100,000 packets that it makes.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time_ns

from cordon import pipeline
from cordon.cli.app import app
from cordon.exposure import Check, Sight, Sign

SPENT: Counter[str] = Counter()


def timed(name: str, step: pipeline.Step) -> pipeline.Step:
    """A stage's step, with its time added up."""

    def stepped(state: object, facts: object) -> object:
        began = process_time_ns()
        result = step(state, facts)  # type: ignore[arg-type]  # as the pipeline gives them
        SPENT[name] += process_time_ns() - began
        return result

    return stepped  # type: ignore[return-value]


def main() -> None:
    """Reads the capture and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("capture", type=Path, nargs="?")
    chosen: Path | None = parser.parse_args().capture
    stages, check = pipeline.stages, pipeline._check

    def checked(one: Check, seen: Sight, **more: object) -> Iterable[Sign]:
        began = process_time_ns()
        found = check(one, seen, **more)  # type: ignore[arg-type]
        SPENT[f"check {one.id}"] += process_time_ns() - began
        return found

    pipeline._check = checked  # type: ignore[assignment]
    pipeline.stages = lambda *given: tuple(
        replace(stage, step=timed(f"stage {stage.name}", stage.step)) for stage in stages(*given)
    )
    with TemporaryDirectory() as folder:
        capture = chosen or Path(folder) / "mix.pcap"
        if chosen is None:
            app(["lab", str(capture), "--mix", "--packets", "100000", "--seed", "3"], standalone_mode=False)
        began = process_time_ns()
        app(["read", str(capture), "--state", f"{folder}/state"], standalone_mode=False)
    whole = process_time_ns() - began
    print(f"{'whole read':32}{whole / 1e9:8.2f} s")
    for name, spent in sorted(SPENT.items(), key=lambda pair: -pair[1]):
        print(f"{name:32}{spent / 1e9:8.2f} s{100 * spent / whole:7.1f} %")


if __name__ == "__main__":
    main()
