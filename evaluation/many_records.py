"""Measures the record of many devices: how large it is, and how long the questions and pages of people take.

python evaluation/many_records.py --devices 20000 --devices 100000       each in a folder of its own, deleted afterwards

The devices are made up, each with two addresses, two dozen pieces of evidence, a score, presence and a day of rhythm;
one in ten has been spoken of by people. Times are the median of five, the first left out; nothing that was summed up
for an earlier page is used again.
"""

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from fastapi.testclient import TestClient

from cordon.config import load
from cordon.inventory import inventory_of, write
from cordon.model.device import Attribute, Device, Evidence
from cordon.model.edit import Edit
from cordon.model.facts import RHYTHM, Facts
from cordon.model.finding import Finding, Severity
from cordon.model.kinds import KINDS
from cordon.model.tables import DAY, HOUR, STEP, TABLES
from cordon.model.trust import Band, Reason, Trust
from cordon.model.window import Window
from cordon.server.access import Gate
from cordon.server.app import create
from cordon.server.context import Context
from cordon.server.live import Hub
from cordon.store import DeviceQuery, Store

NOON = 19_000 * DAY + 12 * HOUR
AT_ONCE = 1000
VENDORS = ("Axis", "HP", "Siemens", "Espressif", "Philips", "Hikvision", "Sonos", "Ubiquiti", "Honeywell", "Bosch")
PLACES = tuple(f"Floor {floor}, room {room}" for floor in range(8) for room in range(25))
TIMES = 6


def device(at: int) -> Device:
    """The made-up device of that number."""
    vendor = VENDORS[at % len(VENDORS)]
    kind = KINDS[at % len(KINDS)].id if at % 7 else ""
    mac = f"00:1b:{at % 10:02x}:{at >> 16 & 255:02x}:{at >> 8 & 255:02x}:{at & 255:02x}"

    def said(what: str, value: str, sure: int) -> Attribute:
        if not value:
            return Attribute()
        pieces = tuple(
            Evidence(
                f"dhcp.option{n}", f"{vendor} {what} {n} as it was heard on the wire", value, 700 - n, f"fp-{n}", NOON
            )
            for n in range(5)
        )
        return Attribute(value, sure, pieces, "")

    return Device(
        f"device-{at:012x}", "site", NOON, NOON, (mac,), (f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}",),
        (f"{vendor.lower()}-{at:05d}",), said("vendor", vendor, 900), said("kind", kind, 800),
        said("model", f"Model {at % 40}", 700), said("os", "Linux", 600), said("firmware", f"{at % 9}.{at % 4}", 600),
        segment=f"lan.{at % 8}",
    )  # fmt: skip


def facts(first: int, last: int) -> Facts:
    """What one step says of these devices."""
    devices = tuple(device(at) for at in range(first, last))
    window = Window.checked(
        "site", NOON, NOON + STEP, {name: pl.DataFrame(schema=kind) for name, kind in TABLES.items()}
    )
    presence = pl.DataFrame(
        [
            {"device": d.id, "first_seen": NOON, "last_seen": NOON + at, "packets": 9, "bytes": 900, "steps": 3}
            for at, d in enumerate(devices)
        ]
    )
    rhythm = pl.DataFrame(
        [(d.id, NOON - hour * HOUR, 9000, 7000, 9, 4000, 9900, False) for d in devices for hour in range(24)],
        schema=RHYTHM, orient="row",
    )  # fmt: skip
    trusts = tuple(
        Trust(d.id, "site", NOON, 600 + at % 400, 100, Band.NORMAL, (Reason("begins", 600, "start"),), False)
        for at, d in enumerate(devices)
    )
    findings = tuple(
        Finding(id=f"finding-{d.id[7:]}", site="site", device=d.id, detector="new-destination", family="change",
                technique="T1071", severity=Severity.LOW, level="sound", began=NOON, noticed=NOON,
                says="called a new place", measured=(("places", 1),))
        for d in devices[::5]
    )  # fmt: skip
    return Facts(window, devices=devices, presence=presence, rhythm=rhythm, trusts=trusts, findings=findings)


def edits(first: int, last: int) -> list[Edit]:
    """What people say of one in ten of them."""
    said = {"location": "", "owner": "Facilities", "tags": "poe, floor", "purpose": "watches the door"}
    return [
        Edit("site", f"device-{at:012x}", field, value or PLACES[at % len(PLACES)], "owner", NOON + at, "")
        for at in range(first, last, 10)
        for field, value in said.items()
    ]


def made(folder: Path, count: int) -> float:
    """Fills a state; seconds it took."""
    began = time.perf_counter()
    with Store.open(folder, write=True) as store:
        for first in range(0, count, AT_ONCE):
            store.save(facts(first, min(first + AT_ONCE, count)))
            store.tell(edits(first, min(first + AT_ONCE, count)))
    return time.perf_counter() - began


def timed(work: Callable[[], object]) -> float:
    """Milliseconds, the median."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[1:])


def questions(folder: Path, count: int) -> dict[str, float]:
    """How long each takes."""
    context = Context(folder, load(folder), Gate(8737), Hub())
    client = TestClient(create(context), base_url=context.gate.url, follow_redirects=False)
    client.get(context.gate.address().removeprefix(context.gate.url))
    middle = f"device-{count // 2:012x}"
    asked = {
        "the list, lowest trust first": "/devices",
        "the list by name": "/devices?sort=name",
        "the list by when last seen": "/devices?sort=last_seen&descending=true",
        "the list of a kind": "/devices?kind=camera",
        "the list of a tag": "/devices?tag=poe",
        "the list at a place": "/devices?location=Floor+3%2C+room+7",
        "the list that holds two words": "/devices?text=axis+door",
        "the last page of the list": f"/devices?sort=name&offset={count - 50}",
        "Today": "/",
        "a device": f"/devices/{middle}",
    }
    found: dict[str, float] = {}
    for name, path in asked.items():

        def visit(path: str = path) -> None:
            context.kept.clear()  # as after a write: nothing summed up before is good any more
            if client.get(path).status_code != 200:
                raise RuntimeError(path)

        found[name] = timed(visit)
    with Store.open(folder) as store:
        found["(record) a device by its MAC address"] = timed(lambda: store.device(device(count // 3).macs[0]))
        found["(record) fifty devices, lowest trust first"] = timed(lambda: store.devices(DeviceQuery(sort="trust")))
    with Store.open(folder, write=True) as store:
        word = iter(range(1000))
        found["(record) a word kept"] = timed(
            lambda: store.tell([Edit("site", middle, "owner", "Ada", "owner", NOON + next(word), "")])
        )
    context.forget()
    return found


def peak() -> float:
    """Most memory that this process had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Prints a table for each number of devices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, action="append")
    parser.add_argument("--keep", type=Path, help="keep the state below this folder")
    asked = parser.parse_args()
    for count in asked.devices or [20_000]:
        folder = asked.keep / str(count) if asked.keep else Path(tempfile.mkdtemp())
        try:
            print(f"## {count:,} devices\n")
            seconds = made(folder, count)
            print(f"written in {seconds:.0f} s; memory at most {peak():.0f} MB")
            size = sum(file.stat().st_size for file in folder.glob("record.sqlite*"))
            print(f"record: {size / 1e6:.0f} MB on disk, {size / count:.0f} bytes a device\n")
            print("| question | ms |\n|---|---|")
            for name, taken in questions(folder, count).items():
                print(f"| {name} | {taken:.0f} |")
            print(f"\nmemory at most {peak():.0f} MB after the pages")
            began = time.perf_counter()
            with Store.open(folder) as store:
                octets = len(write(inventory_of(store), "csv", store.as_of()))
            print(
                f"export as CSV: {time.perf_counter() - began:.1f} s, {octets / 1e6:.0f} MB; memory {peak():.0f} MB\n"
            )
        finally:
            if not asked.keep:
                shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
