"""``lab`` writes scenarios, and nothing over what is not one."""

from pathlib import Path

import pytest
from running import Cordon

SHORT = ("--days", "0.01", "--story", "quiet")


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def test_a_scenario_is_written_and_may_be_written_again(cordon: Cordon, tmp_path: Path) -> None:
    ended = cordon("lab", tmp_path / "out", *SHORT)
    assert ended.status == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"traffic.pcap", "expect.toml", "devices.json"}
    assert f"cordon read {tmp_path / 'out' / 'traffic.pcap'}" in ended.out
    before = (tmp_path / "out" / "traffic.pcap").read_bytes()
    assert cordon("lab", tmp_path / "out", *SHORT).status == 0
    assert (tmp_path / "out" / "traffic.pcap").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--story", "nonsense"), "nonsense"),
        (("--devices", "1"), "devices is 1"),
        (("--days", "0.0001"), "days is 0.0001"),
    ],
)
def test_what_cannot_be_simulated_is_told(
    cordon: Cordon, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    ended = cordon("lab", tmp_path / "out", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err


def test_other_things_are_never_written_over(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_text("")
    ended = cordon("lab", tmp_path, *SHORT)
    assert ended.status == 2
    assert "holds other things" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_a_mix_is_written_as_one_capture(cordon: Cordon, tmp_path: Path) -> None:
    out = tmp_path / "hard.pcap"
    ended = cordon("lab", out, "--mix", "--packets", "2000")
    assert ended.status == 0
    assert out.stat().st_size > 100_000
    assert f"cordon read {out}" in ended.out


def test_a_mix_is_never_written_over_a_file(cordon: Cordon, tmp_path: Path) -> None:
    out = tmp_path / "mine.pcap"
    out.write_text("mine")
    ended = cordon("lab", out, "--mix", "--packets", "2000")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.strip() == f"{out} exists; name another file."
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--mix", "--packets", "10"), "packets is 10: choose a number from 1,000 to 50,000,000."),
        (("--mix", "--days", "2"), "--days says nothing about a mix; leave it out."),
        (("--packets", "5000"), "--packets wants --mix; leave it out or add --mix."),
    ],
)
def test_options_that_do_not_fit_are_told(
    cordon: Cordon, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    ended = cordon("lab", tmp_path / "out", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.strip() == says
    assert not (tmp_path / "out").exists()
