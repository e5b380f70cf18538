"""The open part of SSH (RFC 4253): banners and key exchange; what follows is random bytes."""

from random import Random
from struct import pack

from cordon.lab.wire.tcp import Connection

_LISTS = (
    "curve25519-sha256,ecdh-sha2-nistp256",
    "ssh-ed25519,rsa-sha2-512",
    "chacha20-poly1305@openssh.com,aes128-ctr",
    "chacha20-poly1305@openssh.com,aes128-ctr",
    "umac-64-etm@openssh.com,hmac-sha2-256",
    "umac-64-etm@openssh.com,hmac-sha2-256",
    "none",
    "none",
    "",
    "",
)


def _packet(payload: bytes) -> bytes:
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return pack(">IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


def _text(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def begin(talk: Connection, rng: Random, server: str = "OpenSSH_9.2p1 Debian-2+deb12u3") -> None:
    """From the banners to the first encrypted packets."""
    talk.send(b"SSH-2.0-OpenSSH_9.6\r\n").reply(f"SSH-2.0-{server}\r\n".encode(), 6000)
    lists = b"".join(_text(names.encode()) for names in _LISTS)
    talk.send(_packet(b"\x14" + rng.randbytes(16) + lists + bytes(5)))
    talk.reply(_packet(b"\x14" + rng.randbytes(16) + lists + bytes(5)))
    talk.send(_packet(b"\x1e" + _text(rng.randbytes(32))))
    key = _text(_text(b"ssh-ed25519") + _text(rng.randbytes(32)))
    signature = _text(_text(b"ssh-ed25519") + _text(rng.randbytes(64)))
    talk.reply(_packet(b"\x1f" + key + _text(rng.randbytes(32)) + signature) + _packet(b"\x15"), 9000)
    talk.send(_packet(b"\x15")).send(rng.randbytes(44), 2000).reply(rng.randbytes(44), 2000)
