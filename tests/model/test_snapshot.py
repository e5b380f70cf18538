"""States of stages survive being saved, and a crash in the middle leaves the old one."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cordon.model.finding import Rows
from cordon.model.snapshot import load, save


@dataclass
class Seen:
    hosts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"mac": pl.String, "seen": pl.Int64}))
    last: dict[str, Rows] = field(default_factory=dict)
    until: int = 0


FULL = Seen(pl.DataFrame({"mac": ["a", "b"], "seen": [1, 2]}), {"x": Rows("dns", 1, 2, (("name", "a"),))}, 7)


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    save(FULL, tmp_path / "detect")
    back = load(Seen, tmp_path / "detect")
    assert_frame_equal(back.hosts, FULL.hosts)
    assert (back.last, back.until) == (FULL.last, FULL.until)


def test_nothing_saved_is_a_new_state(tmp_path: Path) -> None:
    assert load(Seen, tmp_path / "detect").until == 0


def test_a_crash_between_the_two_renames_leaves_the_old_state(tmp_path: Path) -> None:
    save(FULL, tmp_path / "detect")
    (tmp_path / "detect").rename(tmp_path / "detect.old")
    assert load(Seen, tmp_path / "detect").until == 7


def test_saving_replaces_the_whole_folder(tmp_path: Path) -> None:
    save(FULL, tmp_path / "detect")
    save(Seen(), tmp_path / "detect")
    assert load(Seen, tmp_path / "detect").hosts.height == 0
    assert [path.name for path in tmp_path.iterdir()] == ["detect"]


def test_a_foreign_state_is_refused_with_its_place(tmp_path: Path) -> None:
    save(FULL, tmp_path / "detect")
    (tmp_path / "detect" / "state.msgpack").write_bytes(msgspec.msgpack.encode({"until": "soon"}))
    with pytest.raises(ValueError, match=r"detect\.until"):
        load(Seen, tmp_path / "detect")


def test_a_state_from_before_a_field_was_added_is_read(tmp_path: Path) -> None:
    save(FULL, tmp_path / "detect")
    (tmp_path / "detect" / "state.msgpack").write_bytes(msgspec.msgpack.encode({"until": 7, "gone": 1}))
    (tmp_path / "detect" / "hosts.arrow").unlink()
    back = load(Seen, tmp_path / "detect")
    assert (back.until, back.last, back.hosts.height) == (7, {}, 0)
