"""The native engine reads the same as tshark, measured by `evaluation/agreement.py` on a simulated site."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cordon.lab.scenario import write_scenario

ROOT = Path(__file__).parents[2]
LEAST = 99.5
SPOKEN = {
    *("packets", "arp", "dns name", "dns answers", "mdns answers", "dhcp host name", "dhcp parameters", "tls version"),
    *("tls server name", "tls alpn", "http host", "http agent", "http status", "mqtt client", "ntp client"),
}
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


def agreement(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evaluation.agreement", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("site")
    write_scenario(folder, days=0.02, story="quiet")
    said = agreement(str(folder), "--json")
    assert said.returncode == 0, said.stderr
    fields: dict[str, dict[str, Any]] = json.loads(said.stdout)["fields"]
    return fields


@needs_tshark
def test_the_engine_and_tshark_read_the_same_in_every_field(measured: dict[str, dict[str, Any]]) -> None:
    differing = {name: seen["differences"] for name, seen in measured.items() if seen["agreement"] < LEAST}
    assert not differing


@needs_tshark
def test_the_site_speaks_enough_for_the_comparison_to_mean_something(measured: dict[str, dict[str, Any]]) -> None:
    silent = {name for name in SPOKEN if not measured[name]["both"]}
    assert not silent


@needs_tshark
def test_groups_are_told_beside_the_whole_and_a_second_run_says_the_same(tmp_path: Path) -> None:
    write_scenario(tmp_path / "aalto", days=0.007, story="quiet")
    write_scenario(tmp_path / "attacks", days=0.007, story="quiet")
    first, second = agreement(str(tmp_path), "--jobs", "1"), agreement(str(tmp_path), "--jobs", "2")
    assert first.returncode == 0, first.stderr
    assert "| field | aalto | attacks |" in first.stdout
    assert second.stdout == first.stdout


def test_a_folder_without_captures_is_told_in_one_sentence(tmp_path: Path) -> None:
    said = agreement(str(tmp_path))
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert str(tmp_path) in said.stderr
