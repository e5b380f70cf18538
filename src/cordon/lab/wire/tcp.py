"""One TCP connection between two ends, written down as the frames a tap on the LAN sees (RFC 9293)."""

from dataclasses import dataclass
from typing import Final, Protocol

from cordon.lab.wire.frames import ACK, FIN, IPV4, MSS, PSH, RST, SYN, tcp_head

_MASK: Final = 0xFFFFFFFF
_PAD: Final = bytes(6)  # brings a bare header to the least length of a frame
_FLIGHT: Final = 8  # segments sent before waiting for the other side

OPTIONS: Final[dict[str, bytes]] = {
    "linux": bytes.fromhex("020405b40101040201030307"),
    "windows": bytes.fromhex("020405b40103030801010402"),
    "apple": bytes.fromhex("020405b40103030601010402"),
    "lwip": bytes.fromhex("020405a0"),
    "plain": bytes.fromhex("020405b4"),
}
"""TCP options of a SYN by system; the last two do not scale their windows."""

WINDOWS: Final = {"linux": 64240, "windows": 64240, "apple": 65535, "lwip": 5744, "plain": 32768}
_SMALL: Final = ("lwip", "plain")


class Sink(Protocol):
    """Takes frames; a `Capture` does."""

    def add(self, time: int, head: bytes, body: bytes = b"") -> None: ...


@dataclass(slots=True)
class End:
    """One end of a connection."""

    mac: bytes
    ip: bytes
    port: int
    seq: int
    ttl: int = 64
    system: str = "linux"
    ident: int = 0
    delay: int = 300  # µs until its answer is seen on the LAN


class Connection:
    """A connection whose `time` (µs) moves on with everything said; `client` opened it."""

    def __init__(self, sink: Sink, time: int, client: End, server: End) -> None:
        self.time = time
        self.client, self.server = client, server
        self._sink = sink
        self._owed: End | None = None  # who has not acknowledged yet
        systems = {client.system, server.system}
        self._scaled = systems.isdisjoint(_SMALL)
        self._flight, self._most = (2, 1440) if "lwip" in systems else (_FLIGHT, MSS)
        self._links = {
            id(client): (server.mac + client.mac + IPV4, client.ip + server.ip, (client.port, server.port)),
            id(server): (client.mac + server.mac + IPV4, server.ip + client.ip, (server.port, client.port)),
        }

    def _other(self, end: End) -> End:
        return self.server if end is self.client else self.client

    def _emit(self, end: End, flags: int, payload: bytes = b"", options: bytes = b"") -> None:
        link, pair, ports = self._links[id(end)]
        ack = self._other(end).seq if flags & ACK else 0
        size = len(payload)
        window = 502 if self._scaled and not flags & SYN else WINDOWS[end.system]
        head = tcp_head(
            link, pair, ports, ident=end.ident, ttl=end.ttl, seq=end.seq, ack=ack, flags=flags,
            window=window, size=size, options=options,
        )  # fmt: skip
        end.ident = (end.ident + 1) & 0xFFFF
        end.seq = (end.seq + size + (1 if flags & (SYN | FIN) else 0)) & _MASK
        self._sink.add(self.time, head, payload + _PAD[size + len(options) :])

    def open(self) -> "Connection":
        """The three-way handshake."""
        self._emit(self.client, SYN, options=OPTIONS[self.client.system])
        self.time += self.server.delay
        self._emit(self.server, SYN | ACK, options=OPTIONS[self._answering()])
        self.time += self.client.delay
        self._emit(self.client, ACK)
        self.time += 90
        return self

    def _answering(self) -> str:
        return self.server.system if self._scaled or self.server.system in _SMALL else "plain"

    def refused(self) -> None:
        """A SYN answered with a reset."""
        self._emit(self.client, SYN, options=OPTIONS[self.client.system])
        self.time += self.server.delay
        self._emit(self.server, RST | ACK)

    def send(self, payload: bytes, wait: int = 0) -> "Connection":
        """The client says something after `wait` µs."""
        self._say(self.client, payload, wait)
        return self

    def reply(self, payload: bytes, wait: int = 0) -> "Connection":
        """The server says something after `wait` µs."""
        self._say(self.server, payload, wait)
        return self

    def _say(self, end: End, payload: bytes, wait: int) -> None:
        other = self._other(end)
        self.time += wait + end.delay
        if self._owed is other:
            self.settle()
        size, most, flight = len(payload), self._most, self._flight
        for sent, at in enumerate(range(0, size, most), 1):
            last = at + most >= size
            self._emit(end, ACK | PSH if last else ACK, payload[at : at + most])
            self.time += 40
            if not last and sent % (flight // 2) == 0:
                whole = sent % flight == 0
                self.time += other.delay if whole else 60
                self._emit(other, ACK)
                self.time += end.delay if whole else 30
        self._owed = other

    def settle(self) -> "Connection":
        """Whoever owes an acknowledgement gives it."""
        if self._owed is not None:
            self.time += self._owed.delay
            self._emit(self._owed, ACK)
            self._owed = None
        return self

    def pause(self, until: int) -> "Connection":
        """Nothing more is said before `until` (µs)."""
        self.settle()
        self.time = max(self.time, until)
        return self

    def close(self, by_server: bool = False) -> int:
        """Both sides finish; the time it ended."""
        self.settle()
        first = self.server if by_server else self.client
        second = self._other(first)
        self.time += 200 + first.delay
        self._emit(first, FIN | ACK)
        self.time += second.delay
        self._emit(second, FIN | ACK)
        self.time += first.delay
        self._emit(first, ACK)
        return self.time

    def reset(self, by_server: bool = False) -> int:
        """One side breaks it off; the time it ended."""
        self.settle()
        end = self.server if by_server else self.client
        self.time += 150
        self._emit(end, RST | ACK)
        return self.time
