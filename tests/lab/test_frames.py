"""The frames themselves: checksums, lengths, and what an independent dissector thinks of them."""

import shutil
import subprocess
from struct import unpack_from
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.lab.conftest import Written


def _folds_to_ones(data: bytes) -> bool:
    """Whether the 16-bit one's complement sum over data with its checksum is all ones (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(unpack_from(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def _checked(frame: bytes) -> int:
    """The number of checksums found right in a frame; fails at a wrong one."""
    (kind,) = unpack_from(">H", frame, 12)
    if kind == 0x0800:
        header = (frame[14] & 15) * 4
        (length,) = unpack_from(">H", frame, 16)
        assert len(frame) >= 14 + length
        assert _folds_to_ones(frame[14 : 14 + header])
        proto, payload = frame[23], frame[14 + header : 14 + length]
        pseudo = frame[26:34] + bytes((0, proto)) + len(payload).to_bytes(2, "big")
    elif kind == 0x86DD:
        (length,) = unpack_from(">H", frame, 18)
        proto, payload = frame[20], frame[54 : 54 + length]
        pseudo = frame[22:54] + length.to_bytes(4, "big") + bytes((0, 0, 0, proto))
    else:
        assert kind == 0x0806
        return 0
    if proto in (1, 2):
        pseudo = b""
    if proto == 17:
        assert unpack_from(">H", payload, 4) == (len(payload),)
        assert payload[6:8] != b"\0\0"
    assert _folds_to_ones(pseudo + payload)
    return 2


@pytest.mark.parametrize("name", ["quiet", "taken"])
def test_every_checksum_is_right(name: str, request: pytest.FixtureRequest) -> None:
    written: Written = request.getfixturevalue(name)
    found = 0
    for _, frame in written.frames():
        assert len(frame) >= 60
        found += _checked(frame)
    assert found > written.scenario.packets


def _tshark(written: "Written", *arguments: str) -> str:
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("tshark is not installed")
    done = subprocess.run(
        [program, "-n", "-r", str(written.pcap), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("name", ["quiet", "taken"])
def test_tshark_finds_nothing_malformed(name: str, request: pytest.FixtureRequest) -> None:
    checks = [part for proto in ("ip", "tcp", "udp") for part in ("-o", f"{proto}.check_checksum:TRUE")]
    wrong = "_ws.malformed || " + " || ".join(f"{proto}.checksum.status==0" for proto in ("ip", "tcp", "udp"))
    noise = "tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.analysis.out_of_order"
    noise += " || tcp.analysis.ack_lost_segment || tcp.analysis.window_full"
    assert _tshark(request.getfixturevalue(name), *checks, "-Y", f"{wrong} || {noise}") == ""
