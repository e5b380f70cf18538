"""Reads captures with the native engine and says what they did to it: nothing may end it, hold it up or swell it.

    python -m evaluation.never_down [FOLDER | FILE]... [--json]

FOLDER is searched for files (default: `../shared/data/captures`). Each file is read twice, in a process of its own kind
whose memory and time are bounded; both readings have to tell the same. A file that ends the process, is not read within
the bound, or is told differently the second time is a *failure*; what is damaged in it is counted by kind.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

HERE = Path(__file__).resolve().parent.parent
MOST_MEMORY = 4 << 30
"""Bytes of addresses a process may have; the libraries alone reserve half of it."""
MOST_SECONDS = 120
"""A file is not read for longer: a guard against endless loops, not a measure of speed."""
WORKERS = 2
MOST_KINDS = 10
WINDOW, STEP = 600_000_000, 10_000_000
Told = tuple[int, int, dict[str, "pl.DataFrame"]]
"""A window: its span, and its tables."""
NO_CAPTURES = (".csv", ".log", ".md", ".txt", ".json")


@dataclass
class Reading:
    """What became of the files: counts, damage by kind, most memory a file took (bytes), and what went wrong."""

    files: int = 0
    refused: int = 0  # no captures
    packets: int = 0
    evicted: int = 0
    damaged: Counter[str] = field(default_factory=Counter)
    memory: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, told: dict[str, object]) -> None:
        """Adds what a process told of a file."""
        said = str(told.get("failure", ""))
        self.files += 1
        self.refused += bool(told.get("refused"))
        if said:
            self.failures.append(f"{told['file']}: {said}")
        for name in ("packets", "evicted"):
            setattr(self, name, getattr(self, name) + int(str(told.get(name, 0))))
        damaged = told.get("damaged")
        self.damaged.update(damaged if isinstance(damaged, dict) else {})
        self.memory = max(self.memory, int(str(told.get("memory", 0))))

    def lines(self) -> Iterator[str]:
        """The summary people read."""
        yield (
            f"{self.files:,} files, {self.packets:,} packets, {self.damaged.total():,} times damage of "
            f"{len(self.damaged)} kinds, {self.refused} no captures, {len(self.failures)} failures; "
            f"a file took at most {self.memory / (1 << 20):.0f} MiB"
        )
        kinds = sorted(self.damaged.items(), key=lambda item: (-item[1], item[0]))
        for kind, count in kinds[:MOST_KINDS]:
            yield f"  {count:>7,}  {kind}"


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files meant: of folders all below them but the tables and notes that lie beside captures."""

    def below(folder: Path) -> list[Path]:
        return sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix not in NO_CAPTURES)

    return [file for path in paths for file in (below(path) if path.is_dir() else [path])]


def read_all(files: Sequence[Path], seconds: int = MOST_SECONDS, workers: int = WORKERS) -> Reading:
    """Reads all files, some at a time, none for more than `seconds`."""
    reading = Reading()
    shares = [files[share::workers] for share in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        for told in pool.map(lambda share: list(_told(share, seconds)), shares):
            for one in told:
                reading.add(one)
    reading.failures.sort()
    return reading


def _told(files: Sequence[Path], seconds: int) -> Iterator[dict[str, object]]:
    """What a child process tells of each file; after one that ended it another goes on."""
    left = list(files)
    while left:
        child = subprocess.run(
            [sys.executable, "-m", "evaluation.never_down", "--child", "--seconds", str(seconds)],
            cwd=HERE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            input="\n".join(str(file.resolve()) for file in left),
            capture_output=True,
            text=True,
            check=False,
        )
        told = [json.loads(line) for line in child.stdout.splitlines()]
        yield from told
        left = left[len(told) :]
        if left:
            how = f"ended the process ({child.returncode}): {child.stderr.strip()[-300:]}"
            yield {"file": str(left.pop(0)), "failure": how}


def child(seconds: int) -> int:
    """Reads the files named on standard input under the bounds, and prints a line for each."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in sys.stdin.read().splitlines():
        signal.alarm(seconds)  # ends the process, whatever it is in
        print(json.dumps({"file": name} | _read_twice(name)), flush=True)
    return 0


def _read_twice(name: str) -> dict[str, object]:
    import polars as pl  # noqa: PLC0415  # the parent process does not need it

    from cordon import _native  # noqa: PLC0415  # likewise

    before = _reset_peak()
    readings: list[tuple[list[Told], dict[str, int], dict[str, int]]] = []
    try:
        for _ in range(2):
            reader = _native.CaptureReader([name], window=WINDOW, step=STEP, secret_key=b"k" * 32)
            windows: list[Told] = []
            while (window := reader.next()) is not None:
                tables = {table: pl.DataFrame(rows) for table, rows in sorted(window.tables.items())}
                windows.append((window.begin, window.end, tables))
            readings.append((windows, reader.damaged(), reader.stats()))
    except ValueError:
        return {"refused": True}
    except BaseException as error:  # noqa: BLE001  # a panic of the engine is no Exception
        return {"failure": f"{type(error).__name__}: {str(error)[:200]}"}
    (one, damaged, stats), other = readings
    told: dict[str, object] = {"packets": stats["packets"], "evicted": stats["evicted"], "damaged": damaged}
    if (damaged, stats) != other[1:] or not _are_same(one, other[0]):
        told["failure"] = "the second reading told something else"
    return told | {"memory": max(0, _peak() - before)}


def _are_same(one: list[Told], other: list[Told]) -> bool:
    def same(left: dict[str, "pl.DataFrame"], right: dict[str, "pl.DataFrame"]) -> bool:
        return left.keys() == right.keys() and all(left[name].equals(right[name]) for name in left)

    return len(one) == len(other) and all(
        left[:2] == right[:2] and same(left[2], right[2]) for left, right in zip(one, other, strict=True)
    )


def _reset_peak() -> int:
    """Begins to measure the most memory anew (proc(5), clear_refs); returns what is used now, in bytes."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0  # the peak of the whole process is an upper bound
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(name)), 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the captures, prints the summary and says by its exit code whether the engine stood."""
    shared = Path(os.environ.get("CORDON_SHARED", HERE / ".." / "shared"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("paths", nargs="*", type=Path, default=[shared / "data" / "captures"])
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument("--seconds", type=int, default=MOST_SECONDS, help="the most a file may take; a hang guard")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        return child(options.seconds)
    reading = read_all(files_of(options.paths), options.seconds)
    print(
        "\n".join(reading.lines()), *reading.failures, sep="\nFAILED ", file=sys.stderr if options.json else sys.stdout
    )
    if options.json:
        print(json.dumps(vars(reading), indent=2, sort_keys=True))
    return 1 if reading.failures else 0


if __name__ == "__main__":
    sys.exit(main())
