"""The native engine reads the same as tshark, measured by `evaluation/agreement.py` on a simulated site."""

import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from evaluation.agreement_engine import FIELDS
from evaluation.agreement_explained import Explained

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


def test_what_the_page_explains_names_captures_and_fields() -> None:
    rows = Explained().rows
    assert len(rows) > 10
    for row in rows:
        assert row.most > 0
        assert all(capture.count("/") == 1 for capture in row.captures)
        assert all(any(name.startswith(field) for name in ("packets", *FIELDS)) for field in row.fields)


def test_an_explanation_covers_as_many_items_as_it_says_and_no_others(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    rows = "| `a/b.pcap`, `a/c.pcap` | dns, http path | tshark | 2 | x |", "| `a/b.pcap` | dns name | ours | 1 | why |"
    page.write_text("\n".join(rows))
    explained = Explained(page)
    assert [explained.take("a/b.pcap", "dns name", "tshark", 1) for _ in range(3)] == [1, 1, 0]
    assert explained.take("a/b.pcap", "dns type", "tshark", 5) == 2
    assert explained.take("a/c.pcap", "dns name", "tshark", 1) == 1
    assert explained.take("a/c.pcap", "http path", "ours", 1) == 0
    assert explained.take("a/c.pcap", "http method", "tshark", 1) == 0
    assert explained.take("b/c.pcap", "dns name", "tshark", 1) == 0


def segment(*, from_client: bool, flags: int, sequence: int, payload: bytes = b"") -> bytes:
    ends = [(bytes([10, 0, 0, 9]), 40_000), (bytes([10, 0, 0, 1]), 22)]
    (source, sport), (target, dport) = ends if from_client else reversed(ends)
    tcp = struct.pack(">HHIIBBHHH", sport, dport, sequence, 1, 0x50, flags, 1024, 0, 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, source, target)
    return bytes([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]) + ip + tcp


@needs_tshark
def test_what_tshark_tells_when_it_is_asked_again_is_counted_by_itself(tmp_path: Path) -> None:
    frames = [
        segment(from_client=True, flags=2, sequence=0),
        segment(from_client=False, flags=18, sequence=0),
        segment(from_client=True, flags=24, sequence=1, payload=b"GET /set HTTP/1.1\r\nHost: cam\r\n\r\n"),
    ]
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    records = (struct.pack("<IIII", 1, at, len(one), len(one)) + one for at, one in enumerate(frames))
    (tmp_path / "odd.pcap").write_bytes(header + b"".join(records))
    said = agreement(str(tmp_path), "--json")
    assert said.returncode == 0, said.stderr
    path = json.loads(said.stdout)["fields"]["http path"]
    assert (path["ours"], path["at_first"], path["agreement"]) == (1, 0, 100)
