"""The frames themselves: checksums, lengths, and what an independent dissector thinks of them."""

import shutil
import subprocess
from struct import unpack_from
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.lab.conftest import Mixed, Written


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


@pytest.mark.parametrize("name", ["quiet", "taken", "mixed"])
def test_every_checksum_is_right(name: str, request: pytest.FixtureRequest) -> None:
    written: Written | Mixed = request.getfixturevalue(name)
    found = 0
    for _, frame in written.frames():
        assert len(frame) >= 60
        found += _checked(frame)
    assert found > written.packets


def _tshark(written: "Written | Mixed", *arguments: str) -> str:
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("tshark is not installed")
    done = subprocess.run(
        [program, "-n", "-r", str(written.pcap), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


_CHECKS = tuple(part for proto in ("ip", "tcp", "udp") for part in ("-o", f"{proto}.check_checksum:TRUE"))
_WRONG = " || ".join(["_ws.malformed", *(f"{proto}.checksum.status==0" for proto in ("ip", "tcp", "udp"))])
_NOISE = " || ".join(
    f"tcp.analysis.{what}"
    for what in ("lost_segment", "retransmission", "out_of_order", "ack_lost_segment", "window_full")
)


@pytest.mark.parametrize("name", ["quiet", "taken"])
def test_tshark_finds_nothing_malformed(name: str, request: pytest.FixtureRequest) -> None:
    assert _tshark(request.getfixturevalue(name), *_CHECKS, "-Y", f"{_WRONG} || {_NOISE}") == ""


def test_tshark_finds_nothing_malformed_in_a_mix_and_only_the_scan_repeats_itself(mixed: "Mixed") -> None:
    unanswered = "tcp.flags.syn == 1 && tcp.flags.ack == 0 && (tcp.dstport == 23 || tcp.dstport == 2323)"
    assert _tshark(mixed, *_CHECKS, "-Y", f"{_WRONG} || (({_NOISE}) && !({unanswered}))") == ""


def test_tshark_reads_the_names_in_quic_initials(mixed: "Mixed") -> None:
    names = _tshark(mixed, "-Y", "quic", "-T", "fields", "-e", "tls.handshake.extensions_server_name").split()
    assert len(set(names)) > 10
    assert all(name.startswith("h3-") for name in names)
