"""On real frames of the simulated site: within minutes there are five repairs, whatever the windows."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from cordon import exposure
from cordon.config import Config
from cordon.exposure import Subject, ranked
from cordon.lab.lan import Lan
from cordon.lab.scenario import DEFAULT_START, write_scenario
from cordon.lab.site import populate
from cordon.lab.wire.pcap import Capture
from cordon.model import snapshot
from cordon.model.device import Device
from cordon.model.exposure import Exposure
from cordon.model.tables import DAY, MINUTE, SECOND
from cordon.model.window import Window
from cordon.pipeline import Pipeline
from cordon.sources import CaptureSource

from .planted import planted

KEY = b"k" * 32
MINUTES, DEVICES = 3, 60
ROUND = 55  # minutes until every web page was looked at once


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    write_scenario(folder, devices=DEVICES, days=0.139)
    return folder / "traffic.pcap"


def windows(capture: Path, seconds: int, minutes: int = MINUTES) -> Iterator[Window]:
    """The first minutes, long before its story begins."""
    until = 0
    for window in CaptureSource([capture], site="lab", window=seconds * SECOND, secret_key=KEY):
        until = until or window.begin - window.begin % MINUTE + minutes * MINUTE
        if window.end > until:
            return
        yield window


def read(
    capture: Path, seconds: int, minutes: int = MINUTES
) -> tuple[tuple[Exposure, ...], dict[str, Device], Pipeline]:
    pipeline, told, devices = Pipeline("lab", Config(), KEY), [], {}
    for window in windows(capture, seconds, minutes):
        for facts in pipeline.advance(window):
            told += facts.exposures
            devices |= {device.id: device for device in facts.devices}
    for facts in pipeline.finish():
        told += facts.exposures
    assert not pipeline.health.failures
    return tuple(told), devices, pipeline


def test_within_minutes_there_are_five_repairs_whatever_the_windows(capture: Path, tmp_path: Path) -> None:
    told, devices, pipeline = read(capture, 60)
    subjects = {id: Subject(one.name, one.kind.value, one.vendor.value, one.model.value) for id, one in devices.items()}
    repairs = ranked({one.id: one for one in told}.values(), subjects)
    assert len(repairs) >= 5
    assert read(capture, 1)[0] == read(capture, 10)[0] == told

    pipeline.save(tmp_path)
    again = Pipeline("lab", Config(), KEY, tmp_path)
    saved = snapshot.load(exposure.State, tmp_path / "exposure")
    assert saved.standing and {one.id for one in told} == set(saved.standing)
    assert again.health.failures == {}


def test_all_that_was_planted_is_found_and_nothing_else(capture: Path) -> None:
    told, devices, _ = read(capture, 600, ROUND)
    lan = Lan(Capture(BytesIO()), 1, DEFAULT_START, DEFAULT_START + DAY)
    populate(lan, DEVICES)
    there = {mac for device in devices.values() for mac in device.macs}
    expected = {(check, mac) for check, mac in planted(lan, by_day=False) if mac in there}
    found = {(one.check, mac) for one in told for mac in devices[one.device].macs if one.device in devices}
    assert found == expected
    assert len(found) > 80


def test_a_state_from_before_there_were_exposures_is_told_who_is_who(capture: Path, tmp_path: Path) -> None:
    _, _, pipeline = read(capture, 60)
    pipeline.save(tmp_path)
    for file in (tmp_path / "exposure").iterdir():
        file.unlink()
    (tmp_path / "exposure").rmdir()
    again, told = Pipeline("lab", Config(), KEY, tmp_path), []
    for window in windows(capture, 60):
        for facts in again.advance(window):
            told += facts.exposures
    assert told
