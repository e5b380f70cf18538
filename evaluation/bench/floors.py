"""The floors: how fast packets can be gone over at all (`rust/floor`)."""

import shutil
import subprocess
from pathlib import Path

from evaluation.bench.subject import Subject

_ROOT = Path(__file__).parents[2]
_BINARY = _ROOT / "target" / "release" / "floor"


def built() -> bool:
    """Builds the program with what Rust there is; whether it stands."""
    if cargo := shutil.which("cargo"):
        subprocess.run([cargo, "build", "--quiet", "--release", "--package", "floor"], cwd=_ROOT, check=True)
    return _BINARY.exists()


def counted(capture: Path) -> tuple[int, int]:
    """How many packets and flows a capture has."""
    done = subprocess.run([_BINARY, "flows", capture], capture_output=True, text=True, check=True)
    packets, flows = done.stdout.split()[:2]
    return int(packets), int(flows)


def floors() -> list[Subject]:
    """From the barest to the practical limit; the file is mapped."""
    return [_floor(*one) for one in (
        ("headers", "floor: headers read", "nothing"),
        ("flows", "floor: flows counted", "flow counters"),
        ("bytes", "floor: every byte touched", "flow counters, a sum"),
    )]  # fmt: skip


def _floor(mode: str, name: str, yields: str) -> Subject:
    return Subject(name, lambda capture, _: [str(_BINARY), mode, str(capture)], yields, maps=True)
