"""Keeps `rust/fuzz/Cargo.toml` in step with the fuzz targets: one `[[bin]]` for each file of `fuzz_targets`.

    python scripts/fuzz_targets.py [--check]

With `--check` nothing is written; what is out of step is said, and the exit code is 1.
"""

import sys
from pathlib import Path

FUZZ = Path(__file__).resolve().parent.parent / "rust" / "fuzz"
MANIFEST = FUZZ / "Cargo.toml"
MARK = "# Below: written by scripts/fuzz_targets.py.\n"


def entry(target: str) -> str:
    """A target as Cargo wants it said; cargo-fuzz finds no others."""
    return (
        f'\n[[bin]]\nname = "{target}"\npath = "fuzz_targets/{target}.rs"\ntest = false\ndoc = false\nbench = false\n'
    )


def in_step(manifest: str) -> str:
    """The manifest with the targets there are."""
    by_hand, mark, _ = manifest.partition(MARK)
    if not mark:
        raise SystemExit(f"{MANIFEST} has lost its line {MARK!r}; put it back at the end.")
    targets = sorted(path.stem for path in (FUZZ / "fuzz_targets").glob("*.rs"))
    return by_hand + MARK + "".join(map(entry, targets))


def main() -> int:
    """Writes the manifest, or says whether it would have to be written."""
    manifest = MANIFEST.read_text()
    wanted = in_step(manifest)
    if manifest == wanted:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{MANIFEST} is out of step with fuzz_targets; run: python scripts/fuzz_targets.py", file=sys.stderr)
        return 1
    MANIFEST.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
