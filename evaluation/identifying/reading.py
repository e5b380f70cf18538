"""Captures into samples: what is known of one device by one capture."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from evaluation.identifying.truth import type_of

from cordon import _native
from cordon.devices.behaviour import tokens
from cordon.devices.behaviour.features import Numbers, features
from cordon.model.tables import HOUR

SUFFIXES = (".pcap", ".pcapng", ".cap")


@dataclass(frozen=True, eq=False)
class Sample:
    """One device in one capture. `vendor_prefix` is the token of its MAC address alone."""

    type: str
    capture: str
    numbers: Numbers
    said: frozenset[str]
    vendor_prefix: frozenset[str]


def samples(folder: Path) -> list[Sample]:
    """Every capture of a folder with one folder a label and `labels.csv` (columns `device_folder` and `mac`).

    Captures in which the device says nothing are left out.

    Raises:
        ValueError: there is no `labels.csv`, it lacks a column, or no capture is there; the message says which.
    """
    found = [sample for label, mac, paths in captures(folder) for path in paths if (sample := _read(label, mac, path))]
    if not found:
        raise ValueError(f"{folder} holds no capture in which a device of labels.csv speaks")
    return found


def captures(folder: Path) -> Iterator[tuple[str, str, list[Path]]]:
    """Label, MAC address and captures of each device.

    Raises:
        ValueError: as `samples`.
    """
    table = folder / "labels.csv"
    if not table.is_file():
        raise ValueError(f"{table} is not there: it names the MAC address of each device")
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"device_folder", "mac"} <= rows[0].keys():
        raise ValueError(f"{table}: it needs the columns device_folder and mac")
    for row in rows:
        paths = sorted(path for path in (folder / row["device_folder"]).rglob("*") if path.suffix in SUFFIXES)
        yield row["device_folder"], row["mac"].strip().lower().replace("-", ":"), paths


def _read(label: str, mac: str, path: Path) -> Sample | None:
    reader = _native.CaptureReader([str(path)], window=HOUR)
    heads, said = [], set[tuple[str, str]]()
    while (window := reader.next()) is not None:
        if (table := window.tables.get("heads")) is not None:
            heads.append(pl.DataFrame(table).filter(mac=mac))
        if (table := window.tables.get("sightings")) is not None:
            said |= set(pl.DataFrame(table).filter(mac=mac).select("field", "value").unique().iter_rows())
    spoken = pl.concat(heads) if heads else pl.DataFrame()
    if spoken.is_empty():
        return None
    name = f"{label}/{path.name}"
    return Sample(type_of(label), name, features(spoken), tokens(said, mac), tokens((), mac))
