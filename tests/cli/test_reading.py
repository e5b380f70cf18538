"""``read`` keeps what it read, says what it found, and leaves the state as it was when it cannot read."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from packets_by_hand import PACKETS, pcap, written
from running import Cordon

from cordon.store import Store


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    return written(tmp_path / "office.pcap")


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_read_prints_one_object_by_its_schema(cordon: Cordon, capture: Path) -> None:
    ended = cordon.on_state("read", capture, "--json")
    result = ended.json("read")
    assert ended.status == 0
    assert (result["packets"], result["flows"], result["damaged"]) == (len(PACKETS), 3, {})
    assert (result["begin"], result["end"]) == ("2023-11-14T22:13:20.000000Z", "2023-11-14T22:14:24.000000Z")
    assert set(result["findings"]) == {"info", "low", "medium", "high", "critical"}


def test_read_sums_up_for_people(cordon: Cordon, capture: Path) -> None:
    ended = cordon.on_state("read", capture)
    assert ended.status == 0
    assert "6 packets" in ended.out
    assert "2023-11-14 22:13" in ended.out
    assert "What next" in ended.out
    assert "Watching only: nothing on your network is changed." in ended.out


def test_what_was_read_is_in_the_history_and_among_the_sources(cordon: Cordon, capture: Path) -> None:
    cordon.on_state("read", capture)
    with Store.open(cordon.state) as store:
        assert store.history("flows").collect()["is_first"].sum() == 3
        (source,) = store.sources()
        assert (source.label, source.packets, source.segment) == ("office.pcap", len(PACKETS), "lan")
        assert store.as_of() >= source.end


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda _: None, "does not exist"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(os.urandom(64).replace(b"\n\r\r\n", b"....")), "no capture"),
        (lambda path: path.mkdir(), "holds no captures"),
    ],
)
def test_a_bad_file_leaves_the_state_as_it_was(cordon: Cordon, capture: Path, tmp_path: Path, make, says) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "bad.pcap"
    make(bad)
    assert cordon.on_state("read", capture, bad, "--json").status == 2
    assert not cordon.state.exists()
    cordon.on_state("read", capture)
    before = everything(cordon.state)
    ended = cordon.on_state("read", bad)
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err
    assert "bad.pcap" in ended.err
    assert ended.err.count("\n") == 1
    assert everything(cordon.state) == before


def test_a_cut_capture_is_kept_up_to_the_cut_which_is_told(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "cut.pcap").write_bytes(pcap(PACKETS)[:-7])
    ended = cordon.on_state("read", tmp_path / "cut.pcap", "--json")
    result = ended.json("read")
    assert (ended.status, result["packets"]) == (0, len(PACKETS) - 1)
    assert sum(result["damaged"].values()) == 1
    assert "Damaged: " in ended.err


def test_the_same_file_is_not_counted_twice(cordon: Cordon, capture: Path) -> None:
    cordon.on_state("read", capture)
    ended = cordon.on_state("read", capture, "--json")
    assert (ended.status, ended.json("read")["already_read"]) == (0, [str(capture)])
    assert "read into this state before" in ended.err
    with Store.open(cordon.state) as store:
        assert store.history("flows").collect()["is_first"].sum() == 3


def test_logs_never_stand_between_the_answer(cordon: Cordon, capture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cordon.on_state("read", capture)
    structlog.get_logger().error("part failed")
    assert capsys.readouterr().out == ""


def test_two_states_of_the_same_capture_are_equal(
    tmp_path: Path, capture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for name in ("one", "two"):
        cordon = Cordon(tmp_path / name, capsys)
        cordon.on_state("read", capture)
        said.append([cordon.on_state(what, "--json").out for what in ("devices", "findings", "incidents")])
    assert said[0] == said[1]


def test_a_second_writer_is_refused_by_name(cordon: Cordon, capture: Path) -> None:
    with Store.open(cordon.state, write=True, what="cordon watch"):
        ended = cordon.on_state("read", capture)
    assert ended.status == 2
    assert "in use by cordon watch" in ended.err


def test_a_newer_state_is_refused(cordon: Cordon, capture: Path) -> None:
    cordon.on_state("read", capture)
    mark = cordon.state / "state.toml"
    mark.write_text(mark.read_text().replace("format = 1", "format = 2"))
    for arguments in (["read", capture], ["devices"]):
        ended = cordon.on_state(*arguments)
        assert ended.status == 2
        assert "newer Cordon" in ended.err


def test_damaged_stages_are_told(cordon: Cordon, capture: Path, tmp_path: Path) -> None:
    cordon.on_state("read", capture)
    for state in (cordon.state / "stages").glob("*/state.msgpack"):
        state.write_bytes(b"\x81\xa2no")
    ended = cordon.on_state("read", written(tmp_path / "more.pcap", [(moment + 99, data) for moment, data in PACKETS]))
    assert (ended.status, "is damaged" in ended.err) == (
        (2, True) if any((cordon.state / "stages").glob("*")) else (0, False)
    )


def test_a_wrong_setting_is_told_before_anything_is_touched(cordon: Cordon, capture: Path) -> None:
    ended = cordon.on_state("read", capture, "--window", 7)
    assert ended.status == 2
    assert "--window is 7; it must be a whole number" in ended.err
    assert not cordon.state.exists()


def test_a_capture_is_replayed_as_if_it_happened_now(cordon: Cordon, capture: Path) -> None:
    ended = cordon.on_state("watch", "--replay", capture, "--speed", 0, "--json")
    assert ended.status == 0
    assert ended.json("read")["packets"] == len(PACKETS)
    with Store.open(cordon.state) as store:
        assert [source.name for source in store.sources()] == ["replay"]


def test_watching_without_a_capture_says_what_is_possible(cordon: Cordon) -> None:
    ended = cordon.on_state("watch")
    assert ended.status == 2
    assert "--replay FILE" in ended.err


def test_what_a_killed_server_left_does_not_keep_from_reading(cordon: Cordon, capture: Path) -> None:
    cordon.on_state("read", capture)
    (cordon.state / "server.json").write_text(json.dumps({"url": "http://127.0.0.1:9", "token": "x"}))
    more = written(capture.with_name("more.pcap"), [(moment + 99, data) for moment, data in PACKETS])
    assert cordon.on_state("read", more).status == 0


@pytest.fixture
def server(cordon: Cordon, capture: Path) -> Iterator[subprocess.Popen[str]]:
    """A Cordon that runs on the state, as a person would start it."""
    cordon.on_state("read", capture)
    command = [sys.executable, "-m", "cordon", "open", "--port", "0", "--state", str(cordon.state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        while not (cordon.state / "server.json").exists() and running.poll() is None:
            time.sleep(0.05)
        yield running
        running.send_signal(signal.SIGINT)
        running.wait(timeout=30)


@pytest.mark.usefixtures("server")
def test_a_running_cordon_takes_files_over_and_says_the_same_as_without(cordon: Cordon, capture: Path) -> None:
    more = written(capture.with_name("more.pcap"), [(moment + 99, data) for moment, data in PACKETS])
    ended = cordon.on_state("read", more, "--json")
    assert (ended.status, ended.json("read")["packets"]) == (0, len(PACKETS))
    assert [source["packets"] for source in cordon.on_state("sources", "--json").json("sources")] == [6, 6]
    again = cordon.on_state("read", more)
    assert again.status == 0
    assert "What next" in again.out
    assert "is running on" in cordon.on_state("open").err
    capture.with_name("bad.pcap").write_bytes(b"no capture at all")
    refused = cordon.on_state("read", capture.with_name("bad.pcap"))
    assert (refused.status, refused.out) == (2, "")
    assert "bad.pcap is no capture" in refused.err
