"""A state of every released version is upgraded, loses nothing, and goes on."""

import json
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest
from kept_facts import all_of, lost

from cordon import __version__
from cordon.config import Config
from cordon.model.tables import STEP
from cordon.pipeline import Pipeline
from cordon.store import StateError, Store, record

ROOT = Path(__file__).parents[2]
RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(folder.name for folder in RELEASED.iterdir() if folder.is_dir())
each = pytest.mark.parametrize("version", VERSIONS)


def unpacked(version: str, folder: Path) -> Path:
    """The state as that version wrote it."""
    with tarfile.open(RELEASED / version / "state.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@each
def test_every_fact_of_a_released_state_is_still_there(version: str, tmp_path: Path) -> None:
    before = json.loads((RELEASED / version / "facts.json").read_text(encoding="utf-8"))
    Store.open(unpacked(version, tmp_path), write=True).close()
    with Store.open(tmp_path) as store:
        assert lost(before, json.loads(json.dumps(all_of(store)))) == []
        assert all(before[kind] for kind in before), "a kind of fact is kept, but none of it"


@each
def test_a_released_state_goes_on_where_it_was(version: str, tmp_path: Path) -> None:
    with Store.open(unpacked(version, tmp_path), write=True) as store:
        known = store.totals().devices
        sys.path.append(str(ROOT / "tests" / "sources"))
        from packets_by_hand import PACKETS, written  # noqa: PLC0415  # beside the tests of the sources

        from cordon.feed import feed  # noqa: PLC0415
        from cordon.sources import CaptureSource  # noqa: PLC0415

        later = written(tmp_path.parent / f"later-{version}.pcap", [(time + 3600, frame) for time, frame in PACKETS])
        config = Config()
        pipeline = Pipeline(config.site, config, store.secret_key, store.stages)
        feed(CaptureSource([later], site=config.site, window=STEP, secret_key=store.secret_key), pipeline, store)
        assert not pipeline.health.failures
        assert store.totals().devices == known, "a device that was known was taken for a new one"


def test_an_older_record_is_told_to_be_upgraded_and_then_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked(VERSIONS[0], tmp_path)
    monkeypatch.setattr(record, "REVISION", "9999")  # as a later version would have it
    with pytest.raises(StateError, match="written by an older Cordon; open it for writing once"):
        Store.open(tmp_path)


def test_each_released_version_is_kept_and_this_one_too() -> None:
    assert __version__ in VERSIONS, "run scripts/keep_release.py tests/store/released"
    versions = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert versions == __version__


@each
def test_what_is_kept_is_small(version: str) -> None:
    assert sum(file.stat().st_size for file in (RELEASED / version).iterdir()) < 200_000


def test_a_loss_would_be_noticed() -> None:
    assert lost({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == [".a[1].b: 2 became 3"]
    assert lost({"a": [1, 2]}, {"a": [1]}) == [".a"]
    assert lost({"a": 1}, {"a": 1, "new": 2}) == []
