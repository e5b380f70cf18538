"""Logs of other sensors are read like captures, and a listener for flow export ends cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from exports_by_hand import NOW, v5
from logs_by_hand import conn, tsv
from running import Cordon

from cordon.store import Store


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def test_logs_are_read_like_captures(cordon: Cordon, tmp_path: Path) -> None:
    path = tsv(tmp_path / "conn.log", "conn", [conn(f"C{at}", at * 60.0) for at in range(5)])
    result = cordon.on_state("read", path, "--json").json("read")
    assert (result["packets"], result["flows"], result["damaged"]) == (45, 5, {})
    (source,) = cordon.on_state("sources", "--json").json("sources")
    assert (source["name"], source["label"], source["sees"]) == ("zeek", "conn.log", "logs")
    assert "From the logs of a sensor" in cordon.on_state("sources").out
    assert cordon.on_state("read", path, "--json").json("read")["already_read"] == [str(path)]


def test_an_address_that_is_none_is_told(cordon: Cordon) -> None:
    ended = cordon.on_state("watch", "--netflow", "nowhere")
    assert (ended.status, "nowhere is no address" in ended.err) == (2, True)
    assert not cordon.state.exists()
    assert cordon.on_state("watch", "--netflow", "127.0.0.1:1", "--replay", "a.pcap").status == 2


def test_a_listener_for_flow_export_keeps_what_came_when_it_is_ended(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "cordon",
        "watch",
        "--netflow",
        f"127.0.0.1:{port}",
        "--state",
        str(tmp_path / "state"),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ)
    assert process.stderr is not None
    assert "NetFlow on" in process.stderr.readline()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(
            v5([("192.168.1.20", 40000, "198.51.100.7", 443, 6, 0x1B, 10, 1000, 5000, 1000)]), ("127.0.0.1", port)
        )
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    with Store.open(tmp_path / "state") as store:
        (source,) = store.sources()
        assert (source.name, source.packets, source.flows) == ("netflow", 10, 1)
        assert any("clock is wrong" in kind for kind in source.damaged), NOW
        assert store.totals().devices == 1
