"""Logs of devices on the command line: a guessed password is found in them, also of an encrypted protocol."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import Cordon

from cordon.config import ConfigError, load
from cordon.server.watching import Watching, opened


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def test_guessing_over_ssh_is_found_in_a_log(cordon: Cordon, tmp_path: Path) -> None:
    lines = [
        "2026-03-02T10:00:00+00:00 192.168.1.1 dnsmasq-dhcp[3]: DHCPACK(br-lan) 192.168.1.20 aa:bb:cc:00:11:22 lamp"
    ]
    lines += [
        f"2026-03-02T10:0{at // 10}:{at % 10 * 5:02d}+00:00 192.168.1.1 dropbear[{at}]: "
        f"Bad password attempt for 'root' from 192.168.1.20:{40_000 + at}"
        for at in range(50)
    ]
    path = tmp_path / "router.log"
    path.write_text("\n".join(lines) + "\n")
    assert cordon.on_state("read", path).status == 0
    found = cordon.on_state("findings", "--json").json("findings")
    assert [one["detector"] for one in found] == ["brute-force"]
    told = cordon.on_state("why", found[0]["id"]).out
    assert "192.168.1.20" in told and "dropbear" not in told
    (device, *_) = cordon.on_state("devices", "--json").json("devices")
    assert device["name"] == "lamp"
    assert "messages of devices" in cordon.on_state("sources", "--networks").out


def test_a_wrong_place_is_one_sentence(cordon: Cordon, tmp_path: Path) -> None:
    ended = cordon.on_state("watch", "--syslog", "here")
    assert ended.status == 2 and "here is no address; give host and port" in ended.err
    ended = cordon.on_state("watch", "--syslog", "tls://127.0.0.1:0")
    assert ended.status == 2 and "wants a certificate: --certificate FILE" in ended.err
    ended = cordon.on_state("watch", "--syslog", "127.0.0.1:0", "--netflow", "127.0.0.1:0")
    assert ended.status == 2 and "Name what to watch" in ended.err
    (tmp_path / "cordon.toml").write_text('[[watch]]\nsyslog = "514"')
    with pytest.raises(ConfigError, match="it must be host and port"):
        load(tmp_path)


def test_serve_listens_where_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "cordon.toml").write_text('[[watch]]\nsyslog = "udp://127.0.0.1:0"\nsegment = "attic"')
    settings = load(tmp_path)
    (source,) = opened(settings, bytes(32))
    assert (source.kind, source.segment) == ("syslog", "attic")
    source.close()
    assert Watching(settings).label == "syslog on udp://127.0.0.1:0"


def test_watching_a_place_ends_well_and_keeps_what_came(cordon: Cordon) -> None:
    command = [sys.executable, "-m", "cordon", "watch", "--syslog", "127.0.0.1:0", "--state", str(cordon.state)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as running:
        assert running.stderr is not None
        said = next(line for line in running.stderr if "Listening" in line)
        port = int(said.partition("127.0.0.1:")[2].partition(";")[0])
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            message = b"<38>Mar  2 10:00:00 h dropbear[1]: Bad password attempt for 'root' from 192.168.1.20:4"
            sender.sendto(message, ("127.0.0.1", port))
        time.sleep(0.3)
        running.send_signal(signal.SIGTERM)
        _, rest = running.communicate(timeout=60)
    assert running.returncode == 0, rest
    (source,) = cordon.on_state("sources", "--json").json("sources")
    assert (source["kind"] if "kind" in source else source["name"], source["packets"]) == ("syslog", 1)
