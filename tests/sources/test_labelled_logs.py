"""What the whole pipeline makes of labelled logs of real devices (IoT-23), and that windows do not matter to it."""

import os
from pathlib import Path

import pytest
from logs_by_hand import conn, tsv

from cordon.config import Config
from cordon.model.finding import Finding, Severity
from cordon.model.tables import SECOND
from cordon.pipeline import Pipeline
from cordon.sources import open_source

SHARED = Path(os.environ.get("CORDON_SHARED", Path(__file__).parents[2] / ".." / "shared"))


def outcome(path: Path, window: int = 3600) -> tuple[list[Finding], dict[str, tuple[str, ...]]]:
    """Findings, and the addresses of each device."""
    source = open_source([path], site="site", window=window * SECOND, secret_key=bytes(32))
    pipeline = Pipeline("site", Config(), bytes(32))
    facts = [one for part in source for one in pipeline.advance(part)] + list(pipeline.finish())
    assert not pipeline.health.failures
    devices = {device.id: device.ips for one in facts for device in one.devices}
    return [finding for one in facts for finding in one.findings], devices


def scenario(name: str) -> Path:
    path = SHARED / "data" / "captures" / "iot23" / f"CTU-{name}" / "conn.log"
    if not path.exists():
        pytest.skip(f"{path} is not there: the labelled logs are not part of the repository")
    return path


def test_what_an_infected_camera_does_is_found_in_its_log_and_nothing_else() -> None:
    findings, devices = outcome(scenario("Malware-Capture-44-1"))
    assert {devices[one.device] for one in findings} == {("192.168.1.199",)}
    labelled = {"download", "command-and-control", "flood"}
    assert {one.family for one in findings} == labelled


@pytest.mark.parametrize("name", ["Honeypot-Capture-4-1", "Honeypot-Capture-7-1"])
def test_devices_that_do_no_harm_are_left_in_peace(name: str) -> None:
    findings, _ = outcome(scenario(name))
    assert [one for one in findings if one.severity > Severity.LOW] == []


def test_the_length_of_windows_does_not_matter(tmp_path: Path) -> None:
    silent = {"state": "S0", "resp_pkts": 0, "resp_bytes": 0, "resp_ip_bytes": 0}
    scan = [
        conn(f"T{at}", at * 3.0, seconds=None, history="S", server=f"203.0.113.{at}", port=23, **silent)
        for at in range(1, 60)
    ]
    flood = conn("F", 30, seconds=200, proto="udp", history="D", orig_pkts=900_000, port=80, **silent)
    path = tsv(tmp_path / "conn.log", "conn", [*scan, flood])
    told = [outcome(path, window) for window in (1, 10, 60, 600, 3600)]
    assert {one.detector for one in told[0][0]} == {"telnet-spread", "slow-scan", "address-scan", "flood"}
    assert all(one == told[0] for one in told[1:])
