"""The bench: what it measures, how it tells what failed, and the captures it makes. No figure is judged."""

import sys
from pathlib import Path
from struct import unpack_from

import pytest
from evaluation.bench import captures, measure, ours, peers
from evaluation.bench.measure import FailedError, Spent
from evaluation.bench.report import Line, gain, table
from evaluation.bench.subject import Subject

from cordon.lab.mix.write import write_mix


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _packets(capture: Path) -> int:
    data, at, count = capture.read_bytes(), 24, 0
    while at < len(data):
        at += 16 + unpack_from("<I", data, at + 8)[0]
        count += 1
    assert at == len(data)
    return count


def _subject(name: str, **more: bool | int) -> Subject:
    return Subject(name, lambda _, __: [], "something", **more)  # type: ignore[arg-type]  # fields by name


def _cells(text: str) -> dict[str, list[str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_a_run_tells_time_memory_and_what_was_printed(tmp_path: Path) -> None:
    script = "block = bytearray(64 << 20); print(len(block))"
    spent, printed = measure.median(lambda _: [sys.executable, "-c", script], runs=2)
    assert printed.strip() == str(64 << 20)
    assert spent.runs == 2
    assert 64 < spent.peak < 200
    assert spent.cpu > 0


def test_a_small_program_is_not_charged_for_the_process_that_starts_it(tmp_path: Path) -> None:
    held = bytearray(b"x") * (256 << 20)  # this process is large
    spent = measure.run(["true"], tmp_path / "out")
    assert len(held) == 256 << 20
    assert spent.peak < 64


def test_a_program_that_fails_says_how(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="ended with 3: no such thing"):
        measure.run([sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"], tmp_path / "out")


def test_a_program_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="over the time limit"):
        measure.run(measure.on_cores(["sleep", "60"], 1, limit=1), tmp_path / "out")


def test_the_first_packets_are_cut_off_whole(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "PART", 700)
    whole = tmp_path / "mix.pcap"
    write_mix(whole, packets=2_000)
    part = captures.part_of(whole)
    assert part.parent == cache
    assert _packets(part) == 700
    assert whole.read_bytes().startswith(part.read_bytes())


def test_the_mix_is_written_once_and_anew_when_it_is_another(cache: Path) -> None:
    first = captures.mixed(1_000, 1)
    written = first.stat().st_mtime_ns
    assert captures.mixed(1_000, 1).stat().st_mtime_ns == written
    assert captures.mixed(1_000, 2) != first
    assert not list(cache.glob("*.unfinished"))


def test_as_many_flows_are_open_at_once_as_said(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "CONCURRENT", 50_000)
    capture = captures.concurrent()
    command = ours.concurrent().command(capture, cache)
    _, printed = measure.median(lambda _: command, runs=1)
    packets, flows, evicted, _ = map(int, printed.split())
    assert (packets, flows, evicted) == (50_000, 50_000, 0)


def test_ratios_are_of_processor_time_and_failures_are_told() -> None:
    lines = [
        Line(_subject("floor: every byte touched", maps=True), 1000, Spent(9.0, 1.0, 900.0, 3)),
        Line(_subject("ours"), 1000, Spent(8.0, 4.0, 100.0, 3)),
        Line(_subject("nDPI reader"), 1000, Spent(8.0, 8.0, 400.0, 1)),
        Line(_subject("tshark", slow=True), 500, FailedError("over the time limit")),
    ]
    cells = _cells(table(lines))
    assert cells["ours"] == ["125", "250", "25.0 %", "2.00", "100", "3", "something"]
    assert cells["floor: every byte touched"][4] == ""
    assert cells["tshark (first 500)"] == ["", "", "", "", "", "", "over the time limit"]


def test_two_cores_are_compared_with_one_by_the_clock() -> None:
    one, two = _subject("`cordon read`, all"), _subject("`cordon read`, two cores", cores=2)
    lines = [Line(one, 10, Spent(9.0, 9.0, 1.0)), Line(two, 10, Spent(5.0, 9.5, 1.0))]
    assert "1.80 times" in gain(lines)
    assert gain(lines[:1]) == ""


def test_what_is_not_installed_is_left_out_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("NFSTREAM", str(tmp_path / "python"))
    here, missing = peers.peers()
    assert here == []
    assert any("nDPI reader" in line and "libndpi-bin" in line for line in missing)
