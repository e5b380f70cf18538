"""Speed and memory: the native engine alone, the engine with the whole pipeline, and `cordon read`, in one run.

    python evaluation/throughput.py [CAPTURE] [--runs 3]

Without a capture the lab's demo day is written first. Each line is the median of the runs, each run a process of its
own; compare lines as ratios, for machines differ and are noisy. Peak memory is the process's, the interpreter's own
share (the first line) included.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cordon.lab.scenario import write_scenario

ALONE = """
import cordon._native as native
reader = native.CaptureReader([{capture!r}], window=3_600_000_000, secret_key=bytes(32))
rows = 0
while (window := reader.next()) is not None:
    rows += sum(len(table) for table in window.tables.values())
packets = reader.stats()["packets"]
"""
FRAMES = """
import polars as pl
import cordon._native as native
reader = native.CaptureReader([{capture!r}], window=3_600_000_000, secret_key=bytes(32))
rows = 0
while (window := reader.next()) is not None:
    rows += sum(pl.DataFrame(table).height for table in window.tables.values())
packets = reader.stats()["packets"]
"""
PIPELINE = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
from story import follow
follow([Path({capture!r})], 3600)
packets = {packets}
"""
READ = """
import tempfile
from cordon.cli import main
with tempfile.TemporaryDirectory() as state:
    sys.argv = ["cordon", "read", "--json", "--state", state, {capture!r}]
    try:
        main()
    except SystemExit:
        pass
packets = {packets}
"""
AROUND = """
import json, resource, sys, time
began, cpu = time.perf_counter(), time.process_time()
packets = 0
{body}
print(json.dumps([packets, time.perf_counter() - began, time.process_time() - cpu,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), file=sys.stderr)
"""


def measure(body: str, runs: int) -> list[float]:
    """Packets, seconds, seconds of processor time and peak MiB: medians."""
    results = []
    for _ in range(runs):
        command = [sys.executable, "-c", AROUND.format(body=body)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        results.append(json.loads(done.stderr.strip().splitlines()[-1]))
    return [statistics.median(column) for column in zip(*results, strict=True)]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capture", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        capture = asked.capture
        if capture is None:
            began = time.perf_counter()
            write_scenario(Path(folder) / "day", seed=1)
            capture = Path(folder) / "day" / "traffic.pcap"
            print(f"the lab's day: written in {time.perf_counter() - began:.1f} s")
        packets, *_ = measure(ALONE.format(capture=str(capture)), 1)
        told = {"capture": str(capture), "here": str(Path(__file__).parent), "packets": int(packets)}
        print(f"{capture.name}: {int(packets):,} packets, {capture.stat().st_size / 1e6:.0f} MB")
        print(f"{'':34}{'packets/s':>12}{'seconds':>10}{'CPU s':>8}{'peak MiB':>10}")
        for name, body in (
            ("interpreter and imports", "import polars, cordon._native"),
            ("engine alone, tables delivered", ALONE),
            ("engine, as Polars frames", FRAMES),
            ("engine and pipeline", PIPELINE),
            ("cordon read, everything stored", READ),
        ):
            count, seconds, cpu, peak = measure(body.format(**told), asked.runs)
            speed = f"{count / seconds:,.0f}" if count else ""
            print(f"{name:34}{speed:>12}{seconds:>10.2f}{cpu:>8.2f}{peak:>10.0f}")


if __name__ == "__main__":
    main()
