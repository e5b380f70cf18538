"""Writes one conversation down with placeholders for whatever differs from copy to copy."""

from typing import Final

from cordon.lab.wire.frames import IPV4, IPV6, udp, udp6
from cordon.lab.wire.tcp import Connection, End

CLIENT_MAC: Final = bytes.fromhex("02c1e27a51b3")
SERVER_MAC: Final = bytes.fromhex("02d5e7239fc6")
CLIENT_IP: Final = bytes.fromhex("0ae9c3a7")
SERVER_IP: Final = bytes.fromhex("0ad8b695")
CLIENT_IP6: Final = bytes.fromhex("fe80000000000000b7c1e2fffe7a51b3")
TRANSACTION: Final = bytes.fromhex("d1c7e39b")
SERIAL: Final = b"5e71a10b"
LABEL: Final = b"1abe1f0c"
PORT: Final = 0xC1A7
QUERY: Final = 0xD15E
"""Placeholders: the ends' addresses, four bytes of DHCP, eight letters of the client's name and of the name asked
for, the client's port, and a DNS id. `PORT` counts in a port's place only, `QUERY` at the start of a datagram."""

SERIAL_TEXT: Final = SERIAL.decode()
LABEL_TEXT: Final = LABEL.decode()
MS: Final = 1_000
SECOND: Final = 1_000_000

_TO_SERVER: Final = SERVER_MAC + CLIENT_MAC + IPV4
_TO_CLIENT: Final = CLIENT_MAC + SERVER_MAC + IPV4


class Script:
    """The frames of one conversation and their times (µs from its beginning), in any order."""

    def __init__(self, ttl: int = 54) -> None:
        self.frames: list[tuple[int, bytes]] = []
        self._ttl = ttl
        self._ident = 0

    def add(self, time: int, head: bytes, body: bytes = b"") -> None:
        """One frame with empty checksums; `Connection` calls it."""
        self.frames.append((time, head + body))

    def connect(self, port: int, time: int = 0, system: str = "linux", delay: int = 9 * MS) -> Connection:
        """Opens a TCP connection to `port` of the server; both sides count from 0."""
        client = End(CLIENT_MAC, CLIENT_IP, PORT, 0, 64, system, 0, 300)
        server = End(SERVER_MAC, SERVER_IP, port, 0, self._ttl, "linux", 7, delay)
        return Connection(self, time, client, server).open()

    def send(self, time: int, ports: tuple[int, int], payload: bytes) -> None:
        """A datagram of the client."""
        self.add(time, udp(_TO_SERVER, CLIENT_IP + SERVER_IP, ports, payload, ident=self._next(), ttl=64))

    def reply(self, time: int, ports: tuple[int, int], payload: bytes) -> None:
        """A datagram of the server."""
        self.add(time, udp(_TO_CLIENT, SERVER_IP + CLIENT_IP, ports, payload, ident=self._next(), ttl=self._ttl))

    def tell(self, time: int, group: bytes, ports: tuple[int, int], payload: bytes, ttl: int = 255) -> None:
        """A datagram of the client to a multicast group or to everybody (RFC 1112, 6.4)."""
        everybody = group == b"\xff" * 4
        mac = b"\xff" * 6 if everybody else b"\x01\0\x5e" + bytes((group[1] & 0x7F,)) + group[2:]
        self.add(time, udp(mac + CLIENT_MAC + IPV4, CLIENT_IP + group, ports, payload, ident=self._next(), ttl=ttl))

    def tell6(self, time: int, group: bytes, ports: tuple[int, int], payload: bytes) -> None:
        """The same over IPv6 (RFC 2464, 7)."""
        self.add(time, udp6(b"\x33\x33" + group[-4:] + CLIENT_MAC + IPV6, CLIENT_IP6, group, ports, payload))

    def _next(self) -> int:
        self._ident += 1
        return self._ident
