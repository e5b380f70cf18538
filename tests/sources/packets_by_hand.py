"""Captures written by hand: pcap files with Ethernet frames, made of nothing but bytes."""

import struct
from collections.abc import Sequence
from pathlib import Path

NOON = 1_700_000_000  # a second, on no minute
CAMERA, PRINTER, ROUTER = (bytes.fromhex(f"02000000000{last}") for last in "abc")

Packet = tuple[float, bytes]


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(text: str) -> bytes:
    """An IPv4 address."""
    return bytes(map(int, text.split(".")))


def ipv4(macs: tuple[bytes, bytes], src: str, dst: str, proto: int, payload: bytes) -> bytes:
    """An Ethernet frame with an IPv4 packet; `macs` are those of sender and receiver."""
    src_mac, dst_mac = macs
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, proto, 0) + address(src) + address(dst)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return dst_mac + src_mac + b"\x08\x00" + head + payload


def udp(src_port: int, dst_port: int, payload: bytes) -> bytes:
    """A UDP datagram without checksum, which IPv4 allows."""
    return struct.pack("!HHHH", src_port, dst_port, 8 + len(payload), 0) + payload


def syn(src_port: int, dst_port: int) -> bytes:
    """The opening of a TCP connection; nobody looks at its checksum."""
    return struct.pack("!HHIIBBHHH", src_port, dst_port, 1, 0, 0x50, 2, 1024, 0, 0)


def question(name: str) -> bytes:
    """A DNS question for an address (RFC 1035)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1)


def asks(name: str) -> bytes:
    """The camera asks the router for a name."""
    return ipv4((CAMERA, ROUTER), "10.0.0.9", "10.0.0.1", 17, udp(50_000, 53, question(name)))


def opens(port: int) -> bytes:
    """The camera opens a port of the printer."""
    return ipv4((CAMERA, PRINTER), "10.0.0.9", "10.0.0.10", 6, syn(40_000 + port, port))


def claims(mac: bytes, ip: str) -> bytes:
    """A device says by ARP that it has an address (RFC 826)."""
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac + address(ip) + bytes(6) + address(ip)
    return b"\xff" * 6 + mac + b"\x08\x06" + body.ljust(46, b"\0")


def pcap(packets: Sequence[Packet]) -> bytes:
    """A capture (pcap, µs, Ethernet)."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    for time, frame in packets:
        out += struct.pack("<IIII", int(time), round(time % 1 * 1e6), len(frame), len(frame)) + frame
    return out


PACKETS: list[Packet] = [
    (NOON, claims(CAMERA, "10.0.0.9")),
    (NOON + 1, claims(PRINTER, "10.0.0.10")),
    (NOON + 1.5, claims(ROUTER, "10.0.0.1")),
    (NOON + 2, asks("time.example.org")),
    (NOON + 3, opens(23)),
    (NOON + 64, opens(80)),
]


def written(path: Path, packets: Sequence[Packet] = PACKETS) -> Path:
    """A capture file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pcap(packets))
    return path
