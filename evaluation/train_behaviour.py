"""Trains the behaviour model that comes with Cordon, and writes it.

    python evaluation/train_behaviour.py --train DIR [--out FILE] [--trees N] [--seed S]

DIR is laid out as `evaluation/identify.py` says. What is learned are kinds with their vendors, not single types, from
packets' heads alone: no address, no prefix, no name. The file holds numbers, written as JSON and packed; the same
captures, seed and versions give the same bytes.
"""

import argparse
import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))  # the parts stand beside this file

from evaluation.identifying.learning import learn  # noqa: E402
from evaluation.identifying.reading import Sample, samples  # noqa: E402
from evaluation.identifying.truth import TRUTH  # noqa: E402

SHIPPED = HERE / "src" / "cordon" / "devices" / "data" / "behaviour.json.gz"
LARGEST = 1_000_000  # bytes that the file may take


def main() -> None:
    """Reads the arguments, trains, writes."""
    parser = argparse.ArgumentParser(
        prog="train_behaviour", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=Path, metavar="DIR", required=True)
    parser.add_argument("--out", type=Path, metavar="FILE", default=SHIPPED)
    parser.add_argument("--trees", type=int, default=40)
    parser.add_argument("--leaves", type=int, default=400, help="of a tree, at most")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    try:
        named = [said for sample in samples(asked.train) if (said := _named(sample)) is not None]
    except ValueError as error:
        sys.exit(f"{error}.")
    model = learn(named, asked.seed, asked.trees, asked.leaves)
    text = json.dumps(model.plain(), separators=(",", ":"), ensure_ascii=False)
    packed = gzip.compress(text.encode("utf-8"), 9, mtime=0)
    if len(packed) > LARGEST:
        sys.exit(f"the model takes {len(packed):,} bytes, more than {LARGEST:,}: train fewer trees.")
    asked.out.write_bytes(packed)
    print(f"{len(named)} captures, {len(model.labels)} labels, {len(packed):,} bytes: {asked.out}")


def _named(sample: Sample) -> Sample | None:
    """The sample as one of its vendor and kind, by behaviour alone; None where they are not written down."""
    if sample.type not in TRUTH:
        return None
    vendors, kind = TRUTH[sample.type]
    return replace(sample, type=f"{vendors[0]}|{kind}", said=frozenset())


if __name__ == "__main__":
    main()
