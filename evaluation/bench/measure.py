"""Runs a command on given cores and tells its time, its processor's time, and its peak memory."""

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ENOUGH: Final = 60.0
"""A run that takes longer, in seconds, is not repeated."""

_LAUNCH: Final = Path(__file__).parent / "launch.py"
_TIMED_OUT: Final = 124  # what timeout(1) ends with


@dataclass(frozen=True, slots=True)
class Spent:
    """One run, or the medians of several: seconds, seconds of processor time, peak memory in MiB."""

    seconds: float
    cpu: float
    peak: float
    runs: int = 1


class FailedError(RuntimeError):
    """The command did not end well; the message says how."""


def on_cores(command: Sequence[str], cores: int, limit: int) -> list[str]:
    """The command held to the first `cores` cores, where that can be done, and ended after `limit` seconds."""
    pinned = ["taskset", "-c", ",".join(map(str, range(cores)))] if shutil.which("taskset") else []
    limited = ["timeout", str(limit)] if shutil.which("timeout") else []
    return [*pinned, *limited, *command]


def run(command: Sequence[str], out: Path) -> Spent:
    """Runs to the end; what it prints goes to the file `out`. Peak memory is that of its largest process."""
    launch = [sys.executable, "-I", "-S", str(_LAUNCH), str(out), *command]
    told = subprocess.run(launch, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    status, (seconds, cpu, peak) = int(told[0]), map(float, told[1:])
    if status == _TIMED_OUT:
        raise FailedError("over the time limit")
    if status:
        last = out.read_text(errors="replace").strip().splitlines()[-1:] or ["it printed nothing"]
        raise FailedError(f"ended with {status}: {last[0]}")
    return Spent(seconds, cpu, peak / 1024)


def median(command: Callable[[Path], Sequence[str]], runs: int) -> tuple[Spent, str]:
    """Medians of some runs, each in an empty folder that `command` is told, and what the last one printed."""
    results: list[Spent] = []
    printed = ""
    while len(results) < runs and (not results or results[-1].seconds < ENOUGH):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "printed"
            results.append(run(command(Path(folder)), out))
            printed = out.read_text(errors="replace")
    return Spent(
        statistics.median(one.seconds for one in results),
        statistics.median(one.cpu for one in results),
        statistics.median(one.peak for one in results),
        len(results),
    ), printed
