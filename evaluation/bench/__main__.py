"""Measures and prints: see the package."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation.bench import captures, floors, ours, peers, report
from evaluation.bench.measure import FailedError, Spent, median, on_cores
from evaluation.bench.report import Line
from evaluation.bench.subject import Subject


def main() -> None:
    """Prints the table and what goes with it; what is being done goes to stderr."""
    asked = _asked()
    if not floors.built():
        sys.exit("the floor is not built: install Rust (cargo) or build rust/floor first.")
    capture = asked.capture or captures.mixed(asked.packets, asked.seed)
    others, missing = peers.peers()
    subjects = [*floors.floors(), *ours.ours(quick=asked.quick), *others]
    chosen = [one for one in subjects if asked.only in one.name]
    lines = [_measured(one, capture, asked.runs, asked.limit) for one in chosen if _fits(one)]
    print(f"\n{report.machine()}")
    packets, flows = floors.counted(capture)
    size = capture.stat().st_size / 1e6
    print(f"{packets:,} packets of {flows:,} flows, {size:,.0f} MB; medians of up to {asked.runs} runs\n")
    print(report.table(lines))
    for line in (report.gain(lines), _concurrent(asked.limit), *missing):
        if line:
            print(f"\n{line}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation.bench", description=__doc__)
    parser.add_argument("capture", type=Path, nargs="?", help="a microsecond pcap file instead of the lab's mix")
    parser.add_argument("--packets", type=int, default=3_100_000, help="of the mix")
    parser.add_argument("--seed", type=int, default=1, help="of the mix")
    parser.add_argument("--runs", type=int, default=3, help="of each; what takes over a minute runs once")
    parser.add_argument("--limit", type=int, default=900, help="seconds after which a run is given up")
    parser.add_argument("--quick", action="store_true", help="cordon read gets the first packets only")
    parser.add_argument("--only", default="", help="measure only lines whose names hold this")
    return parser.parse_args()


def _fits(subject: Subject) -> bool:
    return subject.cores <= (os.cpu_count() or 1)


def _measured(subject: Subject, capture: Path, runs: int, limit: int) -> Line:
    """One line; a program that fails gets its reason instead of numbers."""
    read = captures.part_of(capture) if subject.slow else capture

    def command(folder: Path) -> Sequence[str]:
        return on_cores(subject.command(read, folder), subject.cores, limit)

    print(f"→ {subject.name}", file=sys.stderr, flush=True)
    spent: Spent | FailedError
    try:
        spent, _ = median(command, runs)
        print(f"  {spent.seconds:.2f} s, {spent.cpu:.2f} s CPU, {spent.peak:.0f} MiB", file=sys.stderr, flush=True)
    except FailedError as error:
        spent = error
    return Line(subject, floors.counted(read)[0], spent)


def _concurrent(limit: int) -> str:
    """The line about memory with a million flows at once."""
    capture, subject = captures.concurrent(), ours.concurrent()
    spent, printed = median(lambda folder: on_cores(subject.command(capture, folder), 1, limit), 1)
    _, flows, evicted, _ = map(int, printed.split())
    return (
        f"The engine alone with {flows:,} flows at once ({evicted:,} evicted): "
        f"{spent.peak:.0f} MiB at most, the interpreter included; the aim is 600."
    )


if __name__ == "__main__":
    main()
