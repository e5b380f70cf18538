"""Files are read in blocks of whole lines; no block boundary shows."""

import gzip
from pathlib import Path

import pytest

from cordon.sources.damage import MOST_KINDS, Damage
from cordon.sources.lines import blocks


def numbered(path: Path, size: int, damage: Damage) -> list[tuple[int, str]]:
    return [
        (block.line + at, line)
        for block in blocks(path, damage, size)
        for at, line in enumerate(block.text.split("\n"))
        if line
    ]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("size", [64, 300, 1 << 20])
def test_blocks_hold_every_line_with_its_number(tmp_path: Path, size: int, packed: bool) -> None:
    lines = [f"line {at} " + "x" * (at % 50) for at in range(1, 400)]
    text = "\n".join(lines).encode()
    path, damage = tmp_path / "a.log", Damage()
    path.write_bytes(gzip.compress(text) if packed else text)
    assert numbered(path, size, damage) == list(enumerate(lines, 1))
    assert damage.counts() == {}


def test_a_line_longer_than_a_block_is_left_out_and_counted(tmp_path: Path) -> None:
    path, damage = tmp_path / "a.log", Damage()
    path.write_bytes(b"first\nsecond\n" + b"y" * 1_000_000 + b"\nthird\n" + b"z" * 700_000)
    told = numbered(path, 1000, damage)
    assert [line for _, line in told if len(line) < 100] == ["first", "second", "third"]
    assert dict(told).get(4) == "third"
    assert damage.counts() == {"line too long (first at a.log:3)": 2}


def test_a_file_that_is_damaged_in_ever_new_ways_is_counted_within_bounds() -> None:
    damage = Damage()
    for at in range(1000):
        damage.add(f"kind {at}")
    assert len(damage.counts()) == MOST_KINDS + 1
    assert sum(damage.counts().values()) == 1000
