"""Scenarios written once for all tests here, and a reader of captures that shares nothing with the writer."""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import unpack_from
from typing import Any

import pytest

from cordon.lab.mix.write import Mix, write_mix
from cordon.lab.scenario import Scenario, write_scenario


@dataclass(frozen=True)
class Written:
    """A scenario with what its files hold."""

    scenario: Scenario
    devices: list[dict[str, str]]
    expect: dict[str, Any]

    @property
    def pcap(self) -> Path:
        return self.scenario.out / "traffic.pcap"

    @property
    def packets(self) -> int:
        return self.scenario.packets

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Time (µs) and bytes of each frame."""
        return _frames(self.pcap)


@dataclass(frozen=True)
class Mixed:
    """A mix and what was said of it."""

    pcap: Path
    told: Mix

    @property
    def packets(self) -> int:
        return self.told.packets

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Time (µs) and bytes of each frame."""
        return _frames(self.pcap)


def _frames(pcap: Path) -> Iterator[tuple[int, bytes]]:
    data = pcap.read_bytes()
    assert unpack_from("<IHH", data) == (0xA1B2C3D4, 2, 4)
    assert unpack_from("<I", data, 20) == (1,)
    at = 24
    while at < len(data):
        second, micro, kept, length = unpack_from("<IIII", data, at)
        assert kept == length
        yield second * 1_000_000 + micro, data[at + 16 : at + 16 + kept]
        at += 16 + kept


Write = Callable[..., Written]


def _write(out: Path, **arguments: Any) -> Written:
    scenario = write_scenario(out, **arguments)
    devices = json.loads((out / "devices.json").read_text(encoding="utf-8"))
    return Written(scenario, devices, tomllib.loads((out / "expect.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def write() -> Write:
    """Writes a scenario into a folder, with `write_scenario`'s arguments."""
    return _write


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Half an hour of a Tuesday morning without an attack."""
    start = 1_772_532_000_000_000  # 2026-03-03 10:00 UTC
    return _write(tmp_path_factory.mktemp("quiet"), story="quiet", days=1 / 48, start=start)


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The shortest telling of the camera that is taken."""
    return _write(tmp_path_factory.mktemp("taken"), story="camera-taken", days=0.15)


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    """A small mix: ten seconds of conversations."""
    out = tmp_path_factory.mktemp("mixed") / "mix.pcap"
    return Mixed(out, write_mix(out, packets=20_000, seed=3))
