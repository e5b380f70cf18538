"""What `write_scenario` promises of its three files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cordon.lab.scenario import DEFAULT_START, write_scenario
from cordon.model.kinds import KIND

if TYPE_CHECKING:
    from tests.lab.conftest import Write, Written

HOUR = 3_600_000_000


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_seed_gives_the_same_bytes(quiet: "Written", tmp_path: Path, write: "Write") -> None:
    again = write(tmp_path, story="quiet", days=1 / 48, start=quiet.scenario.begin)
    assert _files(again.scenario.out) == _files(quiet.scenario.out)
    assert set(_files(tmp_path)) == {"traffic.pcap", "expect.toml", "devices.json"}


def test_another_seed_gives_another_capture(quiet: "Written", tmp_path: Path, write: "Write") -> None:
    other = write(tmp_path, story="quiet", days=1 / 48, start=quiet.scenario.begin, seed=2)
    assert other.pcap.read_bytes() != quiet.pcap.read_bytes()
    assert {d["mac"] for d in other.devices} != {d["mac"] for d in quiet.devices}


@pytest.mark.parametrize("devices", [60, 64, 120])
def test_the_site_has_many_devices_of_many_kinds(tmp_path: Path, write: "Write", devices: int) -> None:
    rows = write(tmp_path, story="quiet", days=0.007, devices=devices).devices
    assert len(rows) == devices
    for field in ("mac", "ip"):
        assert len({row[field] for row in rows}) == devices
    kinds = {row["kind"] for row in rows}
    assert len(kinds) >= 20
    assert kinds <= set(KIND)


def test_every_device_that_is_there_by_day_speaks(quiet: "Written") -> None:
    senders = {frame[6:12].hex(":") for _, frame in quiet.frames()}
    assert senders == {row["mac"] for row in quiet.devices}


def test_frames_are_in_order_and_within_the_span(taken: "Written") -> None:
    times = [time for time, _ in taken.frames()]
    assert times == sorted(times)
    assert taken.scenario.begin <= times[0]
    assert times[-1] < taken.scenario.end
    assert len(times) == taken.scenario.packets


def test_expectations_name_only_devices_of_the_site(taken: "Written") -> None:
    macs = {row["mac"] for row in taken.devices}
    named = {item["device"] for table in ("step", "must_not", "allowed") for item in taken.expect[table]}
    assert named == macs


def test_no_device_both_acts_and_must_stay_normal(taken: "Written") -> None:
    acting = {step["device"] for step in taken.expect["step"]}
    spared = {item["device"] for item in taken.expect["must_not"]}
    assert acting.isdisjoint(spared)
    assert acting == {row["mac"] for row in taken.devices if row["role"]}


def test_a_quiet_day_expects_nothing(quiet: "Written") -> None:
    assert "step" not in quiet.expect
    assert quiet.expect["story_begins"] == 0
    assert len(quiet.expect["must_not"]) == len(quiet.devices)


def test_steps_lie_within_the_story_and_75_minutes_but_for_beacons(taken: "Written") -> None:
    begin = taken.expect["story_begins"]
    assert len(taken.expect["step"]) == 12
    for step in taken.expect["step"]:
        assert begin <= step["begins"] < step["ends"] <= taken.expect["ends"]
        if step["what"] != "beacon":
            assert step["ends"] <= begin + 75 * HOUR // 60


def test_a_whole_day_tells_its_story_in_the_afternoon() -> None:
    from cordon.lab.scenario import STORIES, _when  # noqa: PLC0415 - writing a whole day takes too long here

    begin = DEFAULT_START
    assert _when(STORIES["camera-taken"], begin, begin + 24 * HOUR) == begin + 15 * HOUR
    assert _when(STORIES["camera-taken"], begin, begin + 72 * HOUR) == begin + 63 * HOUR


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda out: write_scenario(out, devices=59), "devices is 59: choose a number from 60 to 240"),
        (lambda out: write_scenario(out, devices=241), "from 60 to 240"),
        (lambda out: write_scenario(out, story="nothing"), "choose one of address-scan"),
        (lambda out: write_scenario(out, days=0.05), "for the story camera-taken choose"),
        (lambda out: write_scenario(out, days=float("nan"), story="quiet"), "days is nan"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(tmp_path: Path, wrong: Callable[[Path], object], words: str) -> None:
    out = tmp_path / "none"
    with pytest.raises(ValueError, match=words):
        wrong(out)
    assert not out.exists()


def test_progress_rises_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    write_scenario(tmp_path, story="quiet", days=0.02, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3
