"""The packet engine reads every capture there is, most of them damaged on purpose, and is never down."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cordon.cli import main

ROOT = Path(__file__).parents[2]
CAPTURES = Path(os.environ.get("CORDON_SHARED", ROOT / ".." / "shared")) / "data" / "captures"
MOST_MEMORY = 512 << 20
needs_captures = pytest.mark.skipif(not CAPTURES.is_dir(), reason=f"no captures in {CAPTURES}")
SHOWN = {
    "protocols/zeek-traces/pppoe-over-qinq.pcap": "ipv4: length beyond frame",
    "protocols/tcpdump-tests/babel_update_oobr.pcap": "udp: length beyond packet",
    "protocols/tcpdump-tests/ipv4_invalid_total_length_2.pcap": "ipv4: length short",
    "protocols/zeek-traces/dns/dns-invalid-names.pcap": "dns: name loops",
}


def readings(*paths: Path | str) -> tuple[dict[str, Any], str]:
    """The counts of reading these files, and the summary people see."""
    command = [sys.executable, "-m", "evaluation.never_down", "--json", *map(str, paths)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout, said.stderr
    return json.loads(said.stdout), said.stderr


@needs_captures
def test_no_capture_ends_holds_up_or_swells_the_engine(record_property: Callable[[str, object], None]) -> None:
    counts, summary = readings(CAPTURES)
    record_property("summary", f"the engine on the shared captures: {summary}")
    assert counts["failures"] == []
    assert counts["files"] > 0 and counts["memory"] < MOST_MEMORY


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    cut, letter, whole = (tmp_path / name for name in ("cut.pcap", "letter.pcap", "whole.pcap"))
    cut.write_bytes(header + struct.pack("<IIII", 1, 0, 60, 60) + bytes(14))
    letter.write_bytes(b"this is no capture\n")
    whole.write_bytes(header + struct.pack("<IIII", 1, 0, 14, 14) + bytes(12) + b"\x08\x06")
    counts, _ = readings(cut, letter, whole)
    assert (counts["files"], counts["packets"], counts["refused"], counts["failures"]) == (3, 1, 1, [])
    assert counts["damaged"] == {"capture: cut short": 1, "arp: message short": 1}


def test_a_file_that_ends_the_process_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    whole = tmp_path / "whole.pcap"
    whole.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))
    endless = tmp_path / "endless.pcap"
    os.mkfifo(endless)  # nobody writes: opening it waits for ever
    counts, _ = readings(endless, whole, "--seconds", "5")
    assert (counts["files"], len(counts["failures"])) == (2, 1)


@needs_captures
@pytest.mark.parametrize("name", sorted(SHOWN))
def test_damage_is_shown_to_people(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(CAPTURES / name), "--json", "--state", str(tmp_path / "state")]) == 0
    assert json.loads(capsys.readouterr().out)["damaged"][SHOWN[name]] > 0
