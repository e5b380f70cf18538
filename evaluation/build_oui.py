"""Builds the packaged table of MAC prefixes from the IEEE registries.

    python evaluation/build_oui.py FOLDER

FOLDER holds `oui.csv` (MA-L), `oui28.csv` (MA-M) and `oui36.csv` (MA-S) as the IEEE publishes them. The same files
give the same bytes.
"""

import csv
import gzip
import sys
from pathlib import Path

from cordon.devices.vendors import tidy

OUT = Path(__file__).parent.parent / "src" / "cordon" / "devices" / "data" / "oui.txt.gz"
UNSAID = {"Private", "IEEE Registration Authority", ""}


def build(folder: Path) -> bytes:
    """The table's bytes: vendors in order of their names, each with its prefixes in order."""
    prefixes: dict[str, set[str]] = {}
    for name in ("oui.csv", "oui28.csv", "oui36.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                vendor = tidy(row["Organization Name"])
                if vendor not in UNSAID:
                    prefixes.setdefault(vendor, set()).add(row["Assignment"].upper())
    text = "".join(f"{vendor}\t{','.join(sorted(prefixes[vendor]))}\n" for vendor in sorted(prefixes))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say which folder holds oui.csv, oui28.csv and oui36.csv")
    OUT.write_bytes(packed := build(Path(sys.argv[1])))
    print(f"{OUT.name}: {len(packed):,} bytes")
