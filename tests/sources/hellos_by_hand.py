"""Handshakes built by hand: what opens TLS and QUIC."""

import struct

CERTIFICATE = bytes.fromhex(
    "308201073081afa003020102020101300a06082a8648ce3d040302300e310c300a06035504030c0363616d301e170d3234303130"
    "313030303030305a170d3334303130313030303030305a300e310c300a06035504030c0363616d3059301306072a8648ce3d0201"
    "06082a8648ce3d030107034200045b2e2691d6cef956ad865e583c1e9bc81225f63397c4a79608f4c35d3e0bad8c9d38e2b2a31c"
    "898077b27d73553eaaf666618fa61167e39e3adf3ba7b3935b3a300a06082a8648ce3d04030203470030440220128a79cc6fe158"
    "b36b6af10eb6f9e757e3a3ac7f0750590dbe57be469530afbd0220721a78d06e079038026a00245c2439ede68e914f0bcf634825"
    "45136ad166805e"
)
"""Of a P-256 key and signed by it, CN=cam, from 2024 to 2034; made with pyca/cryptography."""

INITIAL = bytes.fromhex(
    "ce000000010861626364656667680000407590c85fcab083d738552f6206ad37fdcc866334b8b78a6d9a2be8c708e97db7d00eba"
    "715743d51c0d08bf0be202d60b1476d83f9cee0829bdad15acaa38a51de5b158c3b7540073b13ae53c0eedc1eeb3efb849ff6a16"
    "93b0cbf53135f81de3e650cce4002c55322e8bfbb57daba0ef4cc544a0207d"
)
"""A client's first datagram of QUIC 1 (RFC 9001) that asks for video.example; sealed with pyca/cryptography."""


def handshake(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def record(message: bytes) -> bytes:
    return b"\x16\3\3" + struct.pack(">H", len(message)) + message


def client_hello(name: bytes) -> bytes:
    """The record of a client that asks for that name."""
    names = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0" + struct.pack(">H", len(names)) + names
    return record(handshake(1, body))


def server_flight() -> bytes:
    """What a server of TLS 1.2 answers with: its choice, its certificate, and that it is done."""
    chosen = handshake(2, b"\3\3" + bytes(32) + b"\0\xc0\x2b\0")
    chain = len(CERTIFICATE).to_bytes(3, "big") + CERTIFICATE
    shown = handshake(11, len(chain).to_bytes(3, "big") + chain)
    return record(chosen) + record(shown + handshake(14, b""))
