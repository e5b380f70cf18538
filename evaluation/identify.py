"""Measures how well devices are told from their traffic.

    python evaluation/identify.py [FOLDER]                                  shipped fingerprints, nothing learned
    python evaluation/identify.py --train DIR [--test DIR] [--evidence all|behaviour] [--json]

A folder holds one folder of captures for each label, and `labels.csv` (columns `device_folder` and `mac`) with the
MAC address of each; default: `../shared/data/captures/aalto`. With `--train` a model learns from whole captures and is
asked about others: those of `--test`, or, where none is named or both are one, the other half of each type's captures,
in five repetitions. `behaviour` goes by packets' heads alone: no address, no prefix, no name. Nothing that is learned
holds more of a MAC address than its prefix, nor serial numbers, UUIDs, client ids, addresses or the numbers in names.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))  # the parts stand beside this file

from evaluation.identifying import shipped  # noqa: E402


def main() -> None:
    """Reads the arguments and prints what they ask for."""
    shared = Path(os.environ.get("CORDON_SHARED", HERE.parent / "shared"))
    parser = argparse.ArgumentParser(
        prog="identify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "data" / "captures" / "aalto")
    parser.add_argument("--train", type=Path, metavar="DIR", help="captures to learn from")
    parser.add_argument("--test", type=Path, metavar="DIR", help="captures to be asked about")
    parser.add_argument("--evidence", choices=("all", "behaviour"), default="all")
    parser.add_argument("--repetitions", type=int, default=5, help="of the test by halves")
    parser.add_argument("--json", action="store_true", help="print one object")
    asked = parser.parse_args()
    if asked.train is None and asked.test is None:
        shipped.show(asked.folder)
        return
    try:
        found = learned(asked.train or asked.test, asked.test, asked.evidence, asked.repetitions)
    except ValueError as error:
        sys.exit(f"{error}.")
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed: it trains the model, and comes with the test tools (make test).")
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found)


def learned(train: Path, test: Path | None, evidence: str, repetitions: int) -> dict[str, Any]:
    """What a model that learned from `train` says of `test`.

    Raises:
        ValueError: a folder is not as it must be; the message says what is missing.
    """
    from evaluation.identifying.measure import measure  # noqa: PLC0415
    from evaluation.identifying.reading import samples  # noqa: PLC0415

    others = None if test is None or test.resolve() == train.resolve() else samples(test)
    return measure(samples(train), others, evidence, repetitions)


def show(found: Mapping[str, Any]) -> None:
    """Prints the figures for people."""
    print(f"evidence: {found['evidence']}; {found['types']} types, {found['captures']} captures\n")
    print("| | macro-F1 | look-alikes merged |\n|---|---:|---:|")
    print(f"| **a whole capture** | **{found['macro_f1']:.3f}** | **{found['macro_f1_merged']:.3f}** |")
    for name, scores in found["other"].items():
        print(f"| {name} | {scores['macro_f1']:.3f} | {scores['macro_f1_merged']:.3f} |")
    print(f"\nvendor right {found['vendor_top1']:.1%}, kind right {found['kind_top1']:.1%}")
    if found["unknown_auroc"] is not None:
        print(f"devices never trained on: AUROC {found['unknown_auroc']:.3f}")
    print(f"calibration error {found['calibration_error']:.3f}; {found['milliseconds_per_device']} ms a device\n")
    print("| promised | answers | mean promised | right |\n|---|---:|---:|---:|")
    for tenth, count, promised, right in found["reliability"]:
        print(f"| {tenth} | {count} | {promised:.2f} | {right:.2f} |")
    print("\n| is | was taken for | times |\n|---|---|---:|")
    for true, said, count in found["confusions"][:20]:
        print(f"| {true} | {said} | {count} |")


if __name__ == "__main__":
    main()
