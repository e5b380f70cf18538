"""The mix that is hard on a packet engine: what is in it, in what shares, and that it can be written again."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING

import pytest

from cordon.lab.mix.families import FAMILIES
from cordon.lab.mix.write import write_mix
from cordon.lab.site import CORE

if TYPE_CHECKING:
    from tests.lab.conftest import Mixed

Flow = tuple[int, frozenset[tuple[bytes, int]]]


def _flow(frame: bytes) -> Flow | None:
    if frame[12:14] != b"\x08\0" or frame[23] not in (6, 17):
        return None
    ports = unpack_from(">HH", frame, 34)
    return frame[23], frozenset(((frame[26:30], ports[0]), (frame[30:34], ports[1])))


def _ports(flow: Flow) -> set[int]:
    return {port for _, port in flow[1]}


def test_same_seed_gives_the_same_bytes_and_another_seed_others(mixed: "Mixed", tmp_path: Path) -> None:
    same, other = tmp_path / "same.pcap", tmp_path / "other.pcap"
    assert write_mix(same, packets=20_000, seed=3) == mixed.told
    assert same.read_bytes() == mixed.pcap.read_bytes()
    write_mix(other, packets=20_000, seed=4)
    assert other.read_bytes() != mixed.pcap.read_bytes()


def test_there_are_as_many_packets_as_asked_and_hardly_more(mixed: "Mixed") -> None:
    count = sum(1 for _ in mixed.frames())
    assert count == mixed.told.packets
    assert 20_000 <= count < 20_600
    assert mixed.pcap.stat().st_size == mixed.told.bytes


def test_packets_are_in_order(mixed: "Mixed") -> None:
    times = [time for time, _ in mixed.frames()]
    assert times == sorted(times)


def test_a_third_scans_and_there_are_about_five_packets_a_flow(mixed: "Mixed") -> None:
    flows = Counter(flow for _, frame in mixed.frames() if (flow := _flow(frame)) is not None)
    assert 4 < mixed.packets / len(flows) < 6
    scanned = sum(count for flow, count in flows.items() if _ports(flow) & {23, 2323})
    assert 0.30 < scanned / mixed.packets < 0.37


def test_every_family_is_there(mixed: "Mixed") -> None:
    ports = {port for _, frame in mixed.frames() if (flow := _flow(frame)) for port in _ports(flow)}
    assert ports >= {23, 53, 67, 80, 102, 123, 443, 502, 554, 1883, 1900, 5353, 47_808}
    kinds = {frame[12:14] for _, frame in mixed.frames()}
    assert kinds == {b"\x08\x00", b"\x08\x06", b"\x86\xdd"}


def test_shares_add_up() -> None:
    assert sum(family.share for family in FAMILIES) == 1_000


def test_devices_bear_their_makers_prefixes(mixed: "Mixed") -> None:
    senders = {frame[6:12] for _, frame in mixed.frames()}
    known = {bytes.fromhex(unit.prefix.replace(":", "")) for unit in CORE if not unit.random_mac}
    assert len(senders) > 100
    assert sum(sender[:3] in known for sender in senders) > 0.9 * len(senders)


def test_no_placeholder_is_left(mixed: "Mixed") -> None:
    from cordon.lab.mix import stock  # noqa: PLC0415 - its table of placeholders alone

    data = mixed.pcap.read_bytes()
    assert [field for field, mark in stock._ANYWHERE.items() if mark in data] == []


def test_memory_does_not_grow_with_the_packets(tmp_path: Path) -> None:
    """Four times as many packets take no more than a few MB more."""
    script = (
        "import sys, resource; from pathlib import Path; from cordon.lab.mix.write import write_mix;"
        "write_mix(Path(sys.argv[1]), packets=int(sys.argv[2]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", script, tmp_path / "m", count], capture_output=True, check=True
            ).stdout
        )
        for count in ("100000", "400000")
    ]
    assert peaks[1] - peaks[0] < 12_000  # kB; the packets alone are 90 MB more


@pytest.mark.parametrize("packets", [0, 999, 50_000_001])
def test_a_wrong_number_of_packets_is_refused_in_a_sentence(tmp_path: Path, packets: int) -> None:
    with pytest.raises(ValueError, match="choose a number from 1,000 to 50,000,000"):
        write_mix(tmp_path / "none", packets=packets)
    assert not (tmp_path / "none").exists()
