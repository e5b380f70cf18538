"""Builds Ethernet frames with empty checksum fields; `checksums` fills those in for many frames at once."""

import ipaddress
from struct import Struct
from typing import Final

LEAST: Final = 60
"""Least length of an Ethernet frame without its check sequence (IEEE 802.3)."""

MSS: Final = 1460
IPV4: Final = b"\x08\x00"
ARP: Final = b"\x08\x06"
IPV6: Final = b"\x86\xdd"
BROADCAST: Final = b"\xff" * 6

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

_TCP = Struct(">14s2sHHHBBH8sHHIIBBHHH")
_UDP = Struct(">14s2sHHHBBH8sHHHH")
_IP = Struct(">14s2sHHHBBH8s")
_IP6 = Struct(">14sIHBB16s16s")
_PORTS = Struct(">HHHH")
_PLAIN = b"\x45\x00"
_DF = 0x4000


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def mac_text(address: bytes) -> str:
    return address.hex(":")


def ip(text: str) -> bytes:
    return ipaddress.ip_address(text).packed


def ip_text(address: bytes) -> str:
    return str(ipaddress.ip_address(address))


def tcp_head(
    link: bytes,
    pair: bytes,
    ports: tuple[int, int],
    *,
    ident: int,
    ttl: int,
    seq: int,
    ack: int,
    flags: int,
    window: int,
    size: int,
    options: bytes = b"",
) -> bytes:
    """Everything of an IPv4 TCP frame before its `size` bytes of payload (RFC 9293).

    `link` is both MACs and the type, target first; `pair` both addresses, source first.
    """
    more = len(options)
    head = _TCP.pack(
        link, _PLAIN, 40 + more + size, ident, _DF, ttl, 6, 0, pair,
        ports[0], ports[1], seq, ack, (20 + more) << 2, flags, window, 0, 0,
    )  # fmt: skip
    return head + options if more else head


def udp(
    link: bytes,
    pair: bytes,
    ports: tuple[int, int],
    payload: bytes,
    *,
    ident: int,
    ttl: int,
    flags: int = _DF,
) -> bytes:
    """An IPv4 UDP frame (RFC 768)."""
    size = len(payload)
    head = _UDP.pack(link, _PLAIN, 28 + size, ident, flags, ttl, 17, 0, pair, ports[0], ports[1], 8 + size, 0)
    return (head + payload).ljust(LEAST, b"\0")


def icmp(link: bytes, pair: bytes, ident: int, ttl: int, message: bytes) -> bytes:
    """An IPv4 ICMP frame; `message` begins with type and code and has an empty checksum."""
    head = _IP.pack(link, _PLAIN, 20 + len(message), ident, 0, ttl, 1, 0, pair)
    return (head + message).ljust(LEAST, b"\0")


def igmp_join(source_mac: bytes, source: bytes, group: bytes, ident: int) -> bytes:
    """A membership report, version 3, that joins one group (RFC 3376, 4.2), with the router alert option."""
    link = b"\x01\x00\x5e\x00\x00\x16" + source_mac + IPV4
    message = b"\x22\0\0\0\0\0\0\x01\x04\0\0\0" + group
    message = message[:2] + _internet_sum(message) + message[4:]
    pair = source + b"\xe0\x00\x00\x16"
    head = _IP.pack(link, b"\x46\xc0", 24 + len(message), ident, 0, 1, 2, 0, pair) + b"\x94\x04\0\0"
    return (head + message).ljust(LEAST, b"\0")


def _internet_sum(message: bytes) -> bytes:
    total = sum(int.from_bytes(message[at : at + 2], "big") for at in range(0, len(message), 2))
    total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).to_bytes(2, "big")


def udp6(link: bytes, source: bytes, target: bytes, ports: tuple[int, int], payload: bytes) -> bytes:
    """An IPv6 UDP frame with hop limit 255 (RFC 8200)."""
    size = len(payload) + 8
    head = _IP6.pack(link, 0x60000000, size, 17, 255, source, target)
    return head + _PORTS.pack(ports[0], ports[1], size, 0) + payload


def icmp6(link: bytes, source: bytes, target: bytes, message: bytes) -> bytes:
    """An ICMPv6 frame with hop limit 255; `message` has an empty checksum (RFC 4443)."""
    return _IP6.pack(link, 0x60000000, len(message), 58, 255, source, target) + message


def arp(target: bytes, source: bytes, operation: int, sender: tuple[bytes, bytes], asked: tuple[bytes, bytes]) -> bytes:
    """An ARP frame (RFC 826); `sender` and `asked` are MAC and IPv4 address, operation 1 asks, 2 answers."""
    body = b"\0\x01\x08\0\x06\x04" + operation.to_bytes(2, "big") + sender[0] + sender[1] + asked[0] + asked[1]
    return (target + source + ARP + body).ljust(LEAST, b"\0")
