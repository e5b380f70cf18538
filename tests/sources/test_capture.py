"""Capture files become windows; what is no capture is told in one sentence before anything is read."""

import gzip
import os
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from packets_by_hand import NOON, PACKETS, asks, opens, pcap, written

from cordon.feed import EVICTED, damage_of
from cordon.model.tables import SECOND, STEP, TABLES
from cordon.model.window import Window
from cordon.sources import CaptureSource, SourceError, captures

MOST_FLOWS = 131_072


def source(*paths: Path, window: int = 10) -> CaptureSource:
    return CaptureSource(paths, site="site", window=window * SECOND, secret_key=bytes(32))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda _: None, "does not exist"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"hello, this is no capture"), "is no capture"),
        (lambda path: path.write_bytes(b"\xd4"), "is no capture"),
        (lambda path: path.mkdir(), "holds no captures"),
        (os.mkfifo, "is no file"),
    ],
)
def test_what_is_no_capture_is_told_with_its_name(tmp_path: Path, make, says: str) -> None:  # type: ignore[no-untyped-def]
    good, bad = written(tmp_path / "good.pcap"), tmp_path / "bad.pcap"
    make(bad)
    with pytest.raises(SourceError, match=f"bad.pcap {says}"):
        captures([good, bad])


def test_a_file_that_may_not_be_read_is_told(as_ordinary_user: Path) -> None:
    path = written(as_ordinary_user / "secret.pcap")
    path.chmod(0)
    with pytest.raises(SourceError, match=r"secret\.pcap cannot be read"):
        captures([path])


def test_a_folder_and_a_pattern_stand_for_their_captures(tmp_path: Path) -> None:
    files = [written(tmp_path / name) for name in ("a/1.pcap", "a/b/2.pcapng", "c/3.cap")]
    (tmp_path / "a" / "notes.txt").write_text("not a capture")
    assert captures([tmp_path]) == tuple(files)
    assert captures([f"{tmp_path}/*/*.pcap*"]) == (files[0],)
    assert captures([files[2], tmp_path / "c"]) == (files[2],)
    with pytest.raises(SourceError, match="Nothing matches"):
        captures([f"{tmp_path}/*.pcap"])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    assert captures([written(tmp_path / "lobby[1].pcap")]) == (tmp_path / "lobby[1].pcap",)


def test_no_capture_at_all_is_told() -> None:
    with pytest.raises(SourceError, match="No capture was given"):
        captures([])


@pytest.mark.parametrize("window", [1, 10, 60, 600])
def test_windows_follow_one_another_without_a_gap_and_hold_their_schema(tmp_path: Path, window: int) -> None:
    windows = list(source(written(tmp_path / "a.pcap"), window=window))
    assert windows[0].begin <= NOON * SECOND < windows[0].end
    assert all(left.end == right.begin for left, right in pairwise(windows))
    for one in windows:
        Window.checked("site", one.begin, one.end, one.tables)
    flows = pl.concat([one.table("flows") for one in windows])
    assert sorted(flows.filter("is_first")["dst_port"].to_list()) == [23, 53, 80]
    assert pl.concat([one.table("dns") for one in windows])["name"].to_list() == ["time.example.org"]


def test_silence_is_told_and_never_splits_a_step_in_two(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pcap", [(NOON + 3, asks("a.example")), (NOON + 87, asks("b.example"))])
    silent = [one for one in source(path, window=1) if not one.tables]
    assert silent
    inside = [one for one in silent if one.end - one.begin > STEP]
    assert all(one.begin % STEP == 0 and one.end % STEP == 0 for one in inside)
    assert inside


def test_captures_are_read_in_the_order_of_their_first_packet(tmp_path: Path) -> None:
    late = written(tmp_path / "a.pcap", [(NOON + 40, opens(80))])
    early = written(tmp_path / "b.pcap", [(NOON, opens(23))])
    read = source(late, early)
    flows = pl.concat([one.table("flows") for one in read])
    assert flows.filter("is_first")["dst_port"].to_list() == [23, 80]
    assert read.stats()["packets"] == 2
    assert read.progress()[0] == read.progress()[1] > 0
    assert read.label == "a.pcap and 1 more"


def test_a_capture_that_ends_within_a_packet_is_read_so_far_and_the_cut_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(pcap(PACKETS)[:-7])
    read = source(path)
    windows = list(read)
    assert read.stats()["packets"] == len(PACKETS) - 1
    assert sum(read.damaged().values()) == 1
    assert windows


def test_packed_captures_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap.gz"
    path.write_bytes(gzip.compress(pcap(PACKETS)))
    read = source(path)
    assert sum(one.table("flows")["is_first"].sum() for one in read) == 3
    assert captures([tmp_path]) == (path,)


def test_packed_rubbish_is_told_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.pcap.gz"
    path.write_bytes(gzip.compress(b"this is no capture either"))
    with pytest.raises(SourceError, match=r"rubbish\.pcap\.gz"):
        list(source(path))


def test_every_table_of_the_contract_can_be_empty() -> None:
    window = Window("site", 0, STEP)
    assert all(window.table(name).is_empty() for name in TABLES)


def test_flows_ended_for_want_of_room_are_shown_as_damage(tmp_path: Path) -> None:
    empty, one = pcap([]), pcap([(NOON, opens(1))])
    record = one[len(empty) :]
    head, tail = record[:46], record[50:]  # before and behind the address it goes to
    flows = range(MOST_FLOWS + 9)
    path = tmp_path / "many.pcap"
    path.write_bytes(empty + b"".join(head + (0x0A000000 + flow).to_bytes(4, "big") + tail for flow in flows))
    reading = source(path)
    rows = sum(window.tables["flows"].height for window in reading if "flows" in window.tables)
    assert rows >= len(flows)
    assert reading.stats()["evicted"] == 9
    assert damage_of(reading) == {EVICTED: 9}
