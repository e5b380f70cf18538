"""Measures what baselines of many devices cost: bytes a device, memory, an idle window, and flow rows a second.

python evaluation/many_baselines.py --devices 2000 --devices 100000

The devices are made up: each calls three of a hundred places, asks for their names, is visited by a neighbour and
visits it, every few minutes for some hours, in windows of ten minutes. Then a week is laid over what was learned: every
hour of it has two rows of volumes, as a device that is always there has them. All features and detectors run; times are
those of the process, with POLARS_MAX_THREADS=1 of one core. Each number of devices has a process of its own.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import numpy as np
import polars as pl

from cordon.detect import State, step
from cordon.model.device import Attribute, Binding, Device
from cordon.model.facts import Facts
from cordon.model.tables import DAY, DNS, FLOWS, HOUR, MINUTE, SECOND, STEP, Schema, nothing
from cordon.model.window import Window

START = 20_003 * DAY  # a Monday
SPAN = 10 * MINUTE
KINDS = ("camera", "thermostat", "plug", "sensor", "printer")
WIDTHS = {pl.UInt8: 1, pl.UInt16: 2, pl.UInt32: 4, pl.UInt64: 8, pl.Float64: 8}
IDLE = 40  # windows
HEAD = (
    "  devices  bytes a device  the fullest  words, MB  detection, MiB  after a week, MiB  silent, ms  idle, ms"
    "  an hour, s     rows    rows/s"
)
LINE = "{:>9,} {:>15,.0f} {:>12,} {:>10.1f} {:>15,.0f} {:>18,.0f} {:>11.2f} {:>9.1f} {:>11.1f} {:>9,} {:>9,.0f}"


def main() -> None:
    """Prints a line for each number of devices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, action="append", metavar="N", help="how many, at most 1,000,000")
    parser.add_argument("--hours", type=int, default=3, metavar="N", help="how many hours are heard")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(measured(asked.one, asked.hours))
        return
    print(HEAD)
    for count in asked.devices or [2_000]:
        told = [sys.executable, __file__, "--one", str(count), "--hours", str(asked.hours)]
        said = subprocess.run(
            told, capture_output=True, text=True, check=True, env=os.environ | {"POLARS_MAX_THREADS": "1"}
        )
        print(said.stdout, end="", flush=True)


def measured(count: int, hours: int) -> str:
    """The line of one number of devices."""
    before, state, taken, rows, turn = memory(), State(), 0.0, 0, 0.0
    for facts in heard(count, hours):
        began = time.process_time()
        state, _ = step(state, facts)
        spent = time.process_time() - began
        if facts.window.begin % HOUR == 0 and rows:
            turn = spent  # with the hour before learned
        else:
            taken += spent
            rows += len(facts.window.table("flows"))
    of_one = state.baselines.size() / count
    fullest = max(sizes(state).values())
    words = state.baselines.words.estimated_size() / 1e6
    used = memory() - before
    state = with_a_week(state)
    week = memory() - before
    end = START + hours * HOUR + SPAN
    silent = [clocked(state, quiet(at, end)) for at in range(IDLE)]
    idle = [clocked(state, few(at, end)) for at in range(IDLE)]
    return LINE.format(
        count, of_one, fullest, words, used, week, median(silent), median(idle), turn, rows, rows / taken
    )


def memory() -> float:
    """The most memory of the process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def clocked(state: State, facts: Facts) -> float:
    """Milliseconds of a step from that state."""
    began = time.process_time()
    step(state, facts)
    return (time.process_time() - began) * 1000


def sizes(state: State) -> dict[int, int]:
    """Bytes of the rows of each device, by its number."""
    found: dict[int, int] = {}
    for name in ("habits", "gaps", "volumes", "measures", "values"):
        frame: pl.DataFrame = getattr(state.baselines, name)
        width = sum(WIDTHS[kind.base_type()] for kind in frame.dtypes)
        for number, rows in frame.group_by("number").len().iter_rows():
            found[number] = found.get(number, 0) + rows * width
    return found


def with_a_week(state: State) -> State:
    """The state as after a week of such hours: two rows of volumes in each."""
    numbers = state.baselines.learned["number"]
    each = pl.DataFrame({"slot": np.repeat(np.arange(168, dtype=np.uint8), 2), "bucket": [40, 170] * 168}).with_columns(
        pl.col("bucket").cast(pl.UInt8), count=pl.lit(64, pl.UInt16)
    )
    volumes = numbers.to_frame().join(each, how="cross").select(*state.baselines.volumes.columns)
    return replace(state, baselines=replace(state.baselines, volumes=volumes))


def heard(count: int, hours: int) -> Iterator[Facts]:
    """What the stage is given, in windows of ten minutes, and one more of the next hour."""
    chance = np.random.default_rng(1)
    devices = tuple(
        Device(
            f"device-{at:012x}", "site", START, START, (mac(at),), (ip(at),), (f"name-{at}",),
            kind=Attribute(KINDS[at % len(KINDS)], 900), segment="lan",
        )
        for at in range(count)
    )  # fmt: skip
    bindings = tuple(Binding("site", "lan", mac(at), device.id, START) for at, device in enumerate(devices))
    macs, ips = (pl.Series([make(at) for at in range(count)]) for make in (mac, ip))
    for at in range(hours * HOUR // SPAN + 1):
        tables = window_of(chance, macs, ips, START + at * SPAN)
        window = Window("site", START + at * SPAN, START + (at + 1) * SPAN, tables)
        yield Facts(window, devices=devices, bindings=bindings) if at == 0 else Facts(window)


def window_of(chance: np.random.Generator, macs: pl.Series, ips: pl.Series, begin: int) -> dict[str, pl.DataFrame]:
    """Ten minutes of everybody: three calls outside and one visit of a neighbour each, and a question in two calls."""
    count = len(macs)
    who = np.tile(np.arange(count), 4)
    what = np.repeat(np.arange(4), count)
    times = begin + chance.integers(0, SPAN // SECOND, len(who)) * SECOND
    place = (who * 7 + what) % 100
    outside, neighbour = what < 3, (who + 1) % count
    names = pl.Series([f"api.place{number}.example" for number in range(100)])
    addresses = pl.Series([f"198.51.{number}.9" for number in range(100)])
    here = pl.Series(outside)
    drawn: dict[str, pl.Series] = {
        "flow": pl.Series(chance.integers(1, 1 << 62, len(who)).astype(np.uint64)),
        "src_mac": macs.gather(who),
        "dst_mac": macs.gather(neighbour).zip_with(~here, pl.Series(["02:ff:ff:ff:ff:ff"]).new_from_index(0, len(who))),
        "src": ips.gather(who),
        "dst": ips.gather(neighbour).zip_with(~here, addresses.gather(place)),
        "dst_port": pl.Series(np.where(outside, 443, 80).astype(np.uint16)),
        "src_port": pl.Series(chance.integers(40_000, 60_000, len(who)).astype(np.uint16)),
        "name": names.gather(place).zip_with(here, pl.Series([""]).new_from_index(0, len(who))),
        "bytes_out": pl.Series(chance.integers(400, 4000, len(who))),
        "bytes_in": pl.Series(chance.integers(400, 40_000, len(who))),
    }
    moment = {name: pl.Series(times) for name in ("began", "first", "last")} | {"step": pl.Series(times // STEP * STEP)}
    plain = {"segment": "lan", "is_first": True, "is_last": True, "proto": 6, "opener_known": True, "packets_out": 6}
    plain |= {"packets_in": 8, "payload_out": 300, "payload_in": 400, "state": "closed", "end": "closed"}
    flows = table(FLOWS, drawn | moment, plain).sort("step", "first", "flow")
    asks = np.flatnonzero(outside & (chance.random(len(who)) < 0.5))
    told = {"step": moment["step"].gather(asks), "time": moment["first"].gather(asks), "mac": macs.gather(who[asks])}
    told |= {"client": ips.gather(who[asks]), "name": names.gather(place[asks])}
    dns = table(DNS, told, {"segment": "lan", "server": "10.0.0.1", "transport": "dns", "type": "A"})
    return {"flows": flows, "dns": dns.sort("step", "time", "mac")}


def table(schema: Schema, drawn: dict[str, pl.Series], plain: dict[str, object]) -> pl.DataFrame:
    """A table with those columns, the others as they are where nothing is told."""
    frame = pl.DataFrame(drawn)
    rest = {
        name: pl.lit(plain.get(name, nothing(kind)), dtype=kind) for name, kind in schema.items() if name not in drawn
    }
    return frame.with_columns(**rest).select(pl.col(name).cast(kind) for name, kind in schema.items())


def quiet(at: int, begin: int) -> Facts:
    """Ten seconds in which nobody speaks."""
    return Facts(Window("site", begin + at * STEP, begin + (at + 1) * STEP))


def few(at: int, begin: int) -> Facts:
    """Ten seconds in which ten devices say something to each other and outside."""
    chance = np.random.default_rng(at)
    macs, ips = (pl.Series([make(number) for number in range(at * 10, at * 10 + 10)]) for make in (mac, ip))
    start = begin + at * STEP
    tables = window_of(chance, macs, ips, start)
    one = (pl.lit(start, pl.Int64).alias(name) for name in ("step", "first", "last", "began"))
    return Facts(Window("site", start, start + STEP, {"flows": tables["flows"].with_columns(one).sort("flow")}))


def mac(at: int) -> str:
    """Of a device by its number."""
    return f"02:00:{at >> 24 & 255:02x}:{at >> 16 & 255:02x}:{at >> 8 & 255:02x}:{at & 255:02x}"


def ip(at: int) -> str:
    """Of a device by its number."""
    return f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"


if __name__ == "__main__":
    main()
