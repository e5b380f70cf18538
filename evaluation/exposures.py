"""Prints which exposures are found on captures of single devices, by check and device, and what shows each.

Run: ``PYTHONPATH=src python -m evaluation.exposures ../shared/data/captures/aalto [--evidence]`` from the root of the
repository. Below the folder is one folder of captures for each device, and ``labels.csv`` with its MAC address.
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

from cordon.config import Config
from cordon.exposure.checks import CHECKS
from cordon.model.device import Device
from cordon.model.exposure import Exposure
from cordon.model.tables import HOUR
from cordon.pipeline import Pipeline
from cordon.sources import CaptureSource

KEY = b"k" * 32


def read(folder: Path) -> tuple[dict[str, Exposure], dict[str, Device]]:
    """All exposures that were ever told of a folder's captures, as last told, and the devices."""
    pipeline, told, devices = Pipeline("site", Config(), KEY), {}, {}
    source = CaptureSource(sorted(folder.glob("*.pcap")), site="site", window=HOUR, secret_key=KEY)
    for window in source:
        for facts in pipeline.advance(window):
            told |= {one.id: one for one in facts.exposures}
            devices |= {one.id: one for one in facts.devices}
    for facts in pipeline.finish():
        told |= {one.id: one for one in facts.exposures}
        devices |= {one.id: one for one in facts.devices}
    if pipeline.health.failures:
        raise SystemExit(f"{folder}: {pipeline.health.reasons}")
    return told, devices


def main() -> None:
    """Reads every folder and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captures", type=Path)
    parser.add_argument("--evidence", action="store_true", help="each exposure with what shows it")
    chosen = parser.parse_args()
    with (chosen.captures / "labels.csv").open(encoding="utf-8") as file:
        labels = {row["device_folder"]: row["mac"] for row in csv.DictReader(file)}
    found: dict[str, dict[str, list[Exposure]]] = defaultdict(lambda: defaultdict(list))
    beside = 0
    for name, mac in sorted(labels.items()):
        told, devices = read(chosen.captures / name)
        for one in told.values():
            if one.device in devices and mac in devices[one.device].macs:
                found[one.check][name].append(one)
            else:
                beside += 1
                if chosen.evidence:
                    print(f"beside {name}: {devices[one.device].name} {one.check} {one.says}")
    print("| check | devices | exposures | which |\n|---|---|---|---|")
    for check in CHECKS:
        if of := found.get(check.id):
            print(f"| {check.id} | {len(of)} | {sum(map(len, of.values()))} | {', '.join(of)} |")
    whole = sum(len(ones) for of in found.values() for ones in of.values())
    print(f"\n{whole} exposures of {len({n for of in found.values() for n in of})} devices by {len(found)} checks; ")
    print(f"{beside} of other machines in the same captures.")
    if chosen.evidence:
        for id, of in sorted(found.items()):
            for name, ones in of.items():
                for one in ones:
                    print(f"{id}\t{name}\t{one.about}\t{one.says}\t{one.measured}\t{one.rows}")


if __name__ == "__main__":
    main()
