"""An interface gives what passes it, outlives its troubles, and says what it missed."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
from packets_by_hand import CAMERA, PACKETS, PRINTER, ipv4, udp, written
from veth import PATIENCE, Cable, cable, ip, needs_namespaces, packets_between, wait_until, within

from cordon.model.tables import SECOND, STEP
from cordon.sources import CaptureSource, SourceError
from cordon.store import Store

pytestmark = needs_namespaces

FRAMES = [frame for _, frame in PACKETS]
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "json" / "watch.json"


@pytest.fixture(scope="module")
def laid() -> Iterator[Cable]:
    with cable() as joined:
        yield joined


def datagram(port: int, size: int = 20) -> bytes:
    """A datagram from the camera to that port of the printer."""
    return ipv4((CAMERA, PRINTER), "10.0.0.9", "10.0.0.10", 17, udp(5000, port, b"x" * size))


def tagged(*tags: tuple[int, int]) -> bytes:
    """A datagram with VLAN tags: kind and id."""
    frame = datagram(7)
    return frame[:12] + b"".join(struct.pack("!HH", kind, id_) for kind, id_ in tags) + frame[12:]


@pytest.mark.parametrize("threads", [1, 3])
def test_frames_on_the_wire_give_what_they_give_in_a_capture(laid: Cable, tmp_path: Path, threads: int) -> None:
    heard = laid.listen(threads=threads).start()
    laid.send(FRAMES)
    heard.packets(len(FRAMES))
    heard.end()
    capture = CaptureSource([written(tmp_path / "same.pcap")], site="s", window=STEP, secret_key=bytes(32))
    tables = [window.tables for window in capture]
    assert heard.packets_between() == packets_between(_all(tables, "flows"))
    for name, columns in (("dns", ("name", "client")), ("arp", ("sender_mac", "sender_ip"))):
        seen, expected = heard.table(name).select(columns), _all(tables, name).select(columns)
        assert sorted(seen.iter_rows()) == sorted(expected.iter_rows())
    sighted = ("mac", "ip", "field", "value")
    assert set(heard.table("sightings").select(sighted).iter_rows()) == set(
        _all(tables, "sightings").select(sighted).iter_rows()
    )
    assert heard.source.damaged() == {}


def _all(tables, name):  # type: ignore[no-untyped-def]
    import polars as pl  # noqa: PLC0415

    return pl.concat([of[name] for of in tables if name in of])


def test_conversations_are_seen_both_ways_by_one_of_the_threads(laid: Cable) -> None:
    heard = laid.listen(threads=4).start()
    echoed = within(laid.far, Echo.start)
    ports = within(laid.near, lambda: [_ask(echoed.port) for _ in range(8)])
    heard.packets(8 * 10)
    heard.end()
    within(laid.near, echoed.stop)
    flows = {key: counts for key, counts in heard.packets_between().items() if key[3] == echoed.port}
    assert {key[:3] for key in flows} == {("10.9.0.1", "10.9.0.2", port) for port in ports}
    assert all(counts[:2] == (5, 5) for counts in flows.values())
    assert heard.table("flows").filter(dst_port=echoed.port)["flow"].n_unique() == 8


class Echo:
    """Sends each datagram back."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("10.9.0.2", 0))
        self.port: int = self.socket.getsockname()[1]

    @classmethod
    def start(cls) -> "Echo":
        echo = cls()
        threading.Thread(target=echo.serve, daemon=True).start()
        return echo

    def serve(self) -> None:
        with self.socket:
            while (received := self.socket.recvfrom(2000))[0] != b"end":
                self.socket.sendto(*received)

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"end", ("10.9.0.2", self.port))


def _ask(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.connect(("10.9.0.2", port))
        for _ in range(5):
            client.send(b"hello")
            assert client.recv(100) == b"hello"
        local: int = client.getsockname()[1]
        return local


def test_tags_name_the_segment_though_the_kernel_takes_them_out(laid: Cable) -> None:
    heard = laid.listen().start()
    laid.send([tagged((0x8100, 12)), tagged((0x88A8, 100), (0x8100, 12)), datagram(7)])
    heard.packets(3)
    segments = {key[5]: counts for key, counts in heard.end().packets_between().items()}
    plain = len(datagram(7))
    assert segments == {
        "lan": (1, 0, plain, 0),
        "lan.12": (1, 0, plain + 4, 0),
        "lan.100.12": (1, 0, plain + 8, 0),
    }


def test_silence_is_told_window_after_window(laid: Cable) -> None:
    heard = laid.listen(window=SECOND // 10).start()
    wait_until(lambda: len(heard.windows) >= 5)
    heard.end()
    assert heard.source.stats()["packets"] == 0
    assert all(before.end == after.begin for before, after in pairwise(heard.windows))
    assert all(not window.tables for window in heard.windows)


def test_short_windows_join_when_listening_begins_with_a_step(laid: Cable) -> None:
    wait_until(lambda: time.time() % 10 < 0.05)
    heard = laid.listen(window=SECOND // 100).start()
    wait_until(lambda: len(heard.windows) >= 5)
    heard.end()
    assert all(before.end == after.begin for before, after in pairwise(heard.windows))


def test_a_long_window_claims_no_silence_before_it_began_or_after_it_ended(laid: Cable) -> None:
    heard = laid.listen(window=360 * STEP).start()
    laid.send([datagram(7)])
    heard.packets(1)
    (window,) = heard.end().windows
    (at,) = window.table("flows")["step"].unique()
    assert at - STEP <= window.begin <= at < window.end <= at + 6 * STEP  # unless the machine stands still


def test_an_interface_that_goes_down_and_comes_up_is_waited_for(laid: Cable) -> None:
    heard = laid.listen(window=SECOND // 10).start()
    laid.send([datagram(1)])
    heard.packets(1)
    ip("-n", laid.far, "link", "set", "far0", "down")
    wait_until(lambda: "far0 is down; waiting for it." in heard.told)
    ip("-n", laid.far, "link", "set", "far0", "up")
    wait_until(lambda: "far0 is up again." in heard.told)
    laid.send([datagram(2)])
    heard.packets(2)
    heard.end()
    assert {key[3] for key in heard.packets_between()} == {1, 2}
    assert heard.source.damaged() == {"interface: went down": 1}
    assert all(before.end == after.begin for before, after in pairwise(heard.windows))


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interface_that_is_removed_is_waited_for_under_its_name(laid: Cable, threads: int) -> None:
    heard = laid.listen(threads=threads).start()
    ip("-n", laid.near, "link", "del", "near0")
    wait_until(lambda: "far0 is down; waiting for it." in heard.told)
    laid.lay()
    wait_until(lambda: "far0 is up again." in heard.told)
    laid.send([datagram(3)])
    heard.packets(1)
    assert {key[3] for key in heard.end().packets_between()} == {3}


def test_frames_grow_with_the_mtu(laid: Cable) -> None:
    heard = laid.listen().start()
    for namespace, name in ((laid.near, "near0"), (laid.far, "far0")):
        ip("-n", namespace, "link", "set", name, "mtu", 9000)
    laid.send([datagram(4, 8000)])
    heard.packets(1)
    (counts,) = heard.end().packets_between().values()
    assert counts == (1, 0, len(datagram(4, 8000)), 0)
    assert heard.source.damaged() == {}


def test_packets_can_be_looked_at_in_part_and_still_count_whole(laid: Cable) -> None:
    heard = laid.listen(snaplen=64).start()
    laid.send([datagram(5, 1000)])
    heard.packets(1)
    (counts,) = heard.end().packets_between().values()
    assert counts == (1, 0, len(datagram(5, 1000)), 0)


def test_a_flood_beyond_the_ring_is_counted_and_recovered_from(laid: Cable) -> None:
    heard = laid.listen(ring=1, window=SECOND // 100)  # the least ring; nobody takes windows yet, so it fills
    before = _memory()
    laid.send([datagram(6, 1400)], times=4000)
    assert _memory() - before < 64 << 20
    heard.start()
    wait_until(lambda: heard.source.stats()["kernel_dropped"] > 0)
    seen = heard.source.stats()["packets"]
    laid.send([datagram(8)])
    heard.packets(seen + 1)
    heard.end()
    stats = heard.source.stats()
    assert stats["packets"] + stats["kernel_dropped"] == 4001
    assert 8 in {key[3] for key in heard.packets_between()}
    assert heard.source.damaged() == {
        "interface: dropped by the kernel, the ring was full": stats["kernel_dropped"],
    }
    assert any("came faster than they could be read" in says for says in heard.told)


def _memory() -> int:
    """What this process holds, bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_an_unknown_interface_is_answered_with_those_there_are(laid: Cable) -> None:
    ip("-n", laid.far, "link", "set", "far0", "name", "other0")
    try:
        with pytest.raises(SourceError, match=r"^There is no interface far0; there are: lo, other0\.$"):
            laid.listen()
    finally:
        ip("-n", laid.far, "link", "set", "other0", "name", "far0")


def cordon(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "cordon", *map(str, arguments)]


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is not installed")
def test_without_the_capability_it_says_which_and_how_to_grant_it(tmp_path: Path) -> None:
    without = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
    watch = cordon("watch", "--interface", "lo", "--state", tmp_path / "state")
    ended = subprocess.run([*without, *watch], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "CAP_NET_RAW" in ended.stderr
    assert "sudo setcap cap_net_raw+ep " in ended.stderr
    assert not (tmp_path / "state").exists()


def test_watching_prints_lines_and_ends_cleanly_when_asked(laid: Cable, tmp_path: Path) -> None:
    watch = cordon("watch", "--interface", "far0", "--json", "--window", 1, "--state", tmp_path)
    running = subprocess.Popen(
        ["ip", "netns", "exec", laid.far, *watch], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    assert running.stderr.readline().startswith("Watching far0; Ctrl-C ends it")
    laid.send(FRAMES)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        jsonschema.validate(line, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert (running.returncode, err.splitlines()[0]) == (0, "Ending; what was seen is kept.")
    assert [line["event"] for line in lines[:-1]] == ["device"] * 3
    assert (lines[-1]["event"], lines[-1]["result"]["packets"]) == ("ended", len(FRAMES))
    with Store.open(tmp_path) as store:
        (source,) = store.sources()
        assert (source.name, source.label, source.packets) == ("interface", "far0", len(FRAMES))
