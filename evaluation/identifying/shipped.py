"""How many devices the shipped fingerprints tell, with nothing learned from any capture.

Each table line says: of the devices (all captures of one address; a sensor that speaks through a hub counts with its
hub) and of the single captures, how many have the right vendor and kind or a wrong one (said, but not so); with
everything, without the entries whose only source is such captures, without vendor prefixes (addresses made random),
without names, and without either. Heads of packets are left out: what behaviour knows, it learned from such captures.
"""

import csv
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from evaluation.identifying.truth import TRUTH

from cordon import _native
from cordon.devices import State, step
from cordon.devices.fingerprint import book, shipped
from cordon.model.device import Device
from cordon.model.facts import Facts
from cordon.model.tables import MINUTE, TABLES
from cordon.model.window import Window

OURS = "Aalto captures"
"""What the source of an entry says that nothing but these captures speaks for."""

NAMES = ("dhcp.hostname", "mdns.name", "mdns.instance", "nbns.name", "llmnr.name")


@dataclass(frozen=True)
class Seen:
    """What was said of a device, and what is so."""

    folder: str
    vendor: str
    kind: str
    surely: int

    @property
    def marks(self) -> tuple[str, str]:
        """Right, wrong or none, for vendor and kind."""
        vendors, kind = TRUTH[self.folder]
        return _mark(self.vendor, vendors), _mark(self.kind, (kind,))


def _mark(said: str, so: Sequence[str]) -> str:
    return "none" if not said else "right" if said in so else "wrong"


def windows(paths: Sequence[Path]) -> Iterator[Window]:
    """The captures' windows, ten minutes each."""
    reader = _native.CaptureReader([str(path) for path in paths], window=10 * MINUTE)
    while (window := reader.next()) is not None:
        tables = {name: pl.DataFrame(table) for name, table in window.tables.items() if name in TABLES}
        yield Window("aalto", window.begin, window.end, {k: v for k, v in tables.items() if k != "heads"})


def hide(window: Window, mac: str, prefixes: bool, names: bool) -> tuple[Window, str]:
    """The window without vendor prefixes (the local bit is set) or without names; and the device's address there."""
    sightings = window.table("sightings")
    if prefixes:
        local = {digit: f"{int(digit, 16) | 2:x}" for digit in "048c159d"}
        sightings = sightings.with_columns(
            mac=pl.col("mac").str.slice(0, 1)
            + pl.col("mac").str.slice(1, 1).replace(local)
            + pl.col("mac").str.slice(2)
        )
        mac = mac[0] + local.get(mac[1], mac[1]) + mac[2:]
    if names:
        sightings = sightings.filter(~pl.col("field").is_in(NAMES))
    return Window(window.site, window.begin, window.end, {**window.tables, "sightings": sightings}), mac


def identify(read: Sequence[Window], folder: str, mac: str, *, prefixes: bool, names: bool) -> Seen:
    """What the stage says in the end of the device with that address."""
    state = State()
    latest: dict[str, Device] = {}
    for window in read:
        hidden, seen_as = hide(window, mac, prefixes, names)
        state, facts = step(state, Facts(hidden))
        latest |= {device.id: device for device in facts.devices}
    for device in latest.values():
        if seen_as in device.macs:
            return Seen(folder, device.vendor.value, device.kind.value, device.kind.confidence)
    return Seen(folder, "", "", 0)


def show(folder: Path) -> None:
    """Prints the tables of a folder as `reading.captures` describes it."""
    with (folder / "labels.csv").open(newline="") as file:
        macs = {row["device_folder"]: row["mac"] for row in csv.DictReader(file)}
    captures = {name: sorted((folder / name).glob("*.pcap")) for name in macs if (folder / name).is_dir()}
    read = {name: [list(windows([path])) for path in paths] for name, paths in captures.items() if paths}
    spent = time.perf_counter()
    print(
        f"{'':26}{'devices':>8}{'vendor ok':>11}{'wrong':>7}{'kind ok':>9}{'wrong':>7}   of single captures: the same"
    )
    for title, silent, prefixes, names in (
        ("everything", (), False, False),
        ("without what these teach", taught_by_these(), False, False),
        ("without prefixes", (), True, False),
        ("without names", (), False, True),
        ("without either", (), True, True),
    ):
        with book().without(silent):
            whole, single = [], []
            for mac, folders in shared_addresses(read, macs).items():
                parts = [window for name in folders for part in read[name] for window in part]
                everything = sorted(parts, key=lambda window: window.begin)
                whole.append(identify(everything, folders[0], mac, prefixes=prefixes, names=names))
            for name, captured in read.items():
                single += [identify(part, name, macs[name], prefixes=prefixes, names=names) for part in captured]
        print(f"{title:26}{_line(whole)}   {_line(single)}")
        if title == "everything":
            detail = whole
    print(f"\nstage alone: {time.perf_counter() - spent:.1f} s\n")
    for seen in detail:
        vendor, kind = seen.marks
        print(f"{seen.folder:22}{seen.vendor or '–':14}{vendor:7}{seen.kind or '–':16}{kind:7}{seen.surely:5}")


def taught_by_these() -> list[str]:
    """Ids of the entries whose only source are captures such as these."""
    return [entry.id for entry in shipped() if OURS in entry.source]


def shared_addresses(read: Iterable[str], macs: Mapping[str, str]) -> dict[str, list[str]]:
    """The folders of each address."""
    folders: dict[str, list[str]] = {}
    for name in read:
        folders.setdefault(macs[name], []).append(name)
    return folders


def _line(seen: Sequence[Seen]) -> str:
    count = len(seen)
    parts = []
    for at in (0, 1):
        for mark in ("right", "wrong"):
            parts.append(f"{100 * sum(one.marks[at] == mark for one in seen) / count:8.1f}%")
    return f"{count:8}" + "".join(parts)
