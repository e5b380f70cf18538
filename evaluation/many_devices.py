"""Measures how fast new devices are told, and how much memory the stage that knows them takes.

python evaluation/many_devices.py --devices 20000 --devices 100000

The devices are made up: each is met with its address, a lease, a host name, names it asks for, what a dozen shipped
fingerprints are written for, and 64 packets whose way of speaking is looked at; 2,000 come each minute, in windows of
ten seconds, and all that came are heard again. The stage runs in a process of its own for each number; its time is that
of one core.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from cordon.devices import State, step
from cordon.devices.fingerprint import shipped
from cordon.model import snapshot
from cordon.model.facts import Facts
from cordon.model.tables import HEADS, MINUTE, SIGHTINGS, STEP
from cordon.model.window import Window

A_MINUTE = 2000
FIRST_PACKETS = 64  # of each device that are told
HEARD_AGAIN = 500  # devices that are heard again in each window
HEAD = "  devices  devices a minute  ms a device  stage, MiB  saved, MB  save, s"
LINE = "{:>9,} {:>17,.0f} {:>12.2f} {:>11,.0f} {:>10,.0f} {:>8.1f}"


def main() -> None:
    """Prints a line for each number of devices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, action="append", metavar="N", help="how many, at most 1,000,000")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(measured(asked.one))
        return
    print(HEAD)
    for count in asked.devices or [20_000]:
        said = subprocess.run(
            [sys.executable, __file__, "--one", str(count)], capture_output=True, text=True, check=True
        )
        print(said.stdout, end="", flush=True)


def measured(count: int) -> str:
    """The line of one number: met, and heard again."""
    shipped()
    state, taken = State(), 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for window in windows(count):
        began = time.process_time()
        state, facts = step(state, Facts(window))
        taken += time.process_time() - began
        del facts
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        snapshot.save(state, Path(folder) / "devices")
        saved = time.process_time() - began
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6
    if len(state.parts) != count:
        sys.exit(f"{count} devices were met, {len(state.parts)} are known: what was measured is not what was meant")
    return LINE.format(count, count / taken * 60, 1000 * taken / count, memory, size, saved)


def windows(count: int) -> Iterator[Window]:
    """Ten seconds each, until all have come."""
    chance = random.Random(1)
    examples = [
        (fingerprint.fields[0], str(example["value"]))
        for fingerprint in shipped()
        for example in fingerprint.examples
        if "oui" not in fingerprint.fields and "value" in example
    ]
    a_window = A_MINUTE * STEP // MINUTE
    for at, first in enumerate(range(0, count, a_window)):
        rows = [
            row for device in range(first, min(first + a_window, count)) for row in _met(device, at, examples, chance)
        ]
        again = [chance.randrange(first) for _ in range(HEARD_AGAIN)] if first else []
        rows += [_row(device, at, "dns.query", f"host{chance.randrange(9)}.example.net") for device in set(again)]
        frame = pl.DataFrame(rows, schema=SIGHTINGS, orient="row")
        heads = _heads(range(first, min(first + a_window, count)), at, chance)
        yield Window("site", at * STEP, (at + 1) * STEP, {"sightings": frame, "heads": heads})


def _met(device: int, at: int, examples: list[tuple[str, str]], chance: random.Random) -> Iterator[tuple[object, ...]]:
    yield _row(device, at, "mac", "")
    yield _row(device, at, "ip", "dhcp")
    yield _row(device, at, "dhcp.hostname", f"host-{device:06x}")
    yield _row(device, at, "dhcp.params", "1,3,6,15,28")
    for field, value in chance.sample(examples, 12):
        yield _row(device, at, field, value)
    for number in range(5):
        yield _row(device, at, "dns.query", f"name{device}-{number}.example.org")


def _heads(devices: range, at: int, chance: random.Random) -> pl.DataFrame:
    """The first packets of each: of sizes, ports and pauses that are drawn by lot."""
    total = len(devices) * FIRST_PACKETS
    drawn = {
        "mac": [_mac(device) for device in devices for _ in range(FIRST_PACKETS)],
        "gap": chance.choices((-1, 900, 40_000, 1_000_000), k=total),
        "size": chance.choices(range(60, 1514), k=total),
        "proto": chance.choices((6, 17), k=total),
        "src_port": chance.choices(range(1024, 65_535), k=total),
        "dst_port": chance.choices((53, 67, 80, 123, 443, 1900, 5353, 8883), k=total),
        "payload": chance.choices(range(1400), k=total),
    }
    plain = {"step": at * STEP, "time": at * STEP + 5, "segment": "lan", "cast": "unicast", "ether": 0x0800, "ttl": 64}
    columns = {name: pl.lit(plain.get(name, 0), dtype=kind) for name, kind in HEADS.items() if name not in drawn}
    return pl.DataFrame(drawn).with_columns(**columns).select(pl.col(name).cast(kind) for name, kind in HEADS.items())


def _row(device: int, at: int, field: str, value: str) -> tuple[object, ...]:
    mac = _mac(device)
    ip = f"10.{device >> 16 & 255}.{device >> 8 & 255}.{device & 255}"
    return (at * STEP, at * STEP + 5, "lan", mac, ip, field, value)


def _mac(device: int) -> str:
    return f"3c:52:{device >> 24 & 255:02x}:{device >> 16 & 255:02x}:{device >> 8 & 255:02x}:{device & 255:02x}"


if __name__ == "__main__":
    main()
