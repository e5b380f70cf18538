"""Keeps a small state as this version writes it, so that every later version is tried on upgrading it.

python scripts/keep_release.py tests/store/released      once for each release, before it is tagged

It holds what was learned from a capture written by hand, and a fact of every kind. The same code writes the same facts;
only rows within the states of stages may stand in another order.
"""

import io
import json
import sys
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "store"), str(ROOT / "tests" / "sources")]

from kept_facts import all_of  # noqa: E402  # the tests' own makers stand beside the tests
from packets_by_hand import PACKETS, written  # noqa: E402
from record_site import CAMERA, NOON, SOURCE, facts  # noqa: E402

from cordon import __version__  # noqa: E402
from cordon.config import Config  # noqa: E402
from cordon.feed import feed  # noqa: E402
from cordon.model.decision import Allowance, Profile  # noqa: E402
from cordon.model.tables import STEP  # noqa: E402
from cordon.pipeline import Pipeline  # noqa: E402
from cordon.sources import CaptureSource  # noqa: E402
from cordon.store import Store  # noqa: E402

KEY: Final = bytes(range(32))
LARGEST: Final = 100_000  # bytes


def make(folder: Path) -> None:
    """Makes the state."""
    folder.mkdir()
    (folder / "secret.key").write_bytes(KEY)
    config = Config()
    with Store.open(folder, write=True, what="keeping a release") as store:
        capture = written(folder.parent / "office.pcap", PACKETS)
        source = CaptureSource([capture], site=config.site, window=STEP, secret_key=KEY)
        feed(source, Pipeline(config.site, config, KEY, store.stages), store)
        for one in store.sources():
            store.save_source(replace(one, read_at=NOON))  # the only thing that the clock on the wall tells
        store.save(
            replace(
                facts(),
                profiles=(
                    Profile(CAMERA, "site", NOON, (Allowance("out", "tcp", 23, "telnet", why="seen 12 times"),)),
                ),
            )
        )
        store.save_source(SOURCE)


def packed(folder: Path) -> bytes:
    """The folder as a tar file, packed; nothing in it says when or by whom."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in {"writer.lock", "record.sqlite-shm", "record.sqlite-wal"}:
                entry = tarfile.TarInfo(str(path.relative_to(folder)))
                entry.size, entry.mode = path.stat().st_size, 0o600
                archive.addfile(entry, io.BytesIO(path.read_bytes()))
    return out.getvalue()


def main(target: Path) -> int:
    """Writes VERSION/state.tar.xz and VERSION/facts.json; 1 when they are too large, or stand there already."""
    place = target / __version__
    if place.exists():
        sys.stderr.write(f"{place} is kept already; a release is kept once, and never changed.\n")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "state"
        make(folder)
        state = packed(folder)
        with Store.open(folder) as store:
            told = json.dumps(all_of(store), indent=1, sort_keys=True) + "\n"
    if len(state) > LARGEST or len(told) > LARGEST:
        sys.stderr.write(f"The state has {len(state):,} bytes, its facts {len(told):,}; keep it below {LARGEST:,}.\n")
        return 1
    place.mkdir(parents=True)
    (place / "state.tar.xz").write_bytes(state)
    (place / "facts.json").write_text(told, encoding="utf-8")
    sys.stdout.write(f"{place}: {len(state):,} bytes, and {len(told):,} of facts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
