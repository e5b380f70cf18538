"""Receives messages over UDP, TCP and TLS in threads of its own, and holds them until they are taken."""

import queue
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cordon.sources.errors import SourceError
from cordon.sources.syslog.framing import MOST, Frames

MOST_HELD: Final = 65_536
"""Messages that wait to be read; beyond, they are dropped and counted."""
MOST_CONNECTIONS: Final = 256
"""Connections at once; further ones are closed and counted."""
MOST_IDLE: Final = 3600.0
"""Seconds without a message after which a connection is closed."""
HANDSHAKE: Final = 10.0
_RECEIVE_BUFFER: Final = 8 << 20
_WAIT: Final = 0.25
_PIECE: Final = 1 << 16

Held = tuple[bytes, str, int]
"""A message, the address it came from, and when (µs)."""


class Listener:
    """Listens on one place: over UDP, TCP or both. `lost` counts what was not taken, by kind."""

    def __init__(
        self, host: str, port: int, transports: tuple[str, ...], clock: Callable[[], int], certificate: Path | None
    ) -> None:
        """Binds (port 0: any free one); `transports` are of udp, tcp, tls.

        Raises:
            SourceError: the address cannot be had, or the certificate cannot be read.
        """
        self._clock = clock
        self.held: queue.Queue[Held] = queue.Queue(MOST_HELD)
        self.lost: dict[str, int] = {}
        self._count = threading.Lock()
        self._ending = threading.Event()
        self._open = 0
        self._context = _context(certificate) if "tls" in transports else None
        self._sockets: list[socket.socket] = []
        self.port = port
        try:
            for transport in transports:
                self._sockets.append(self._bound(host, self.port, transport))
                self.port = int(self._sockets[-1].getsockname()[1])
        except SourceError:
            self.close()
            raise
        works = {socket.SOCK_DGRAM: self._receive, socket.SOCK_STREAM: self._accept}
        self._threads = [
            threading.Thread(target=works[one.type], args=(one,), name="syslog", daemon=True) for one in self._sockets
        ]

    def _bound(self, host: str, port: int, transport: str) -> socket.socket:
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        try:
            family, type_, proto, _, place = socket.getaddrinfo(host or None, port, type=kind, flags=socket.AI_PASSIVE)[
                0
            ]
            made = socket.socket(family, type_, proto)
        except OSError as error:
            raise SourceError(f"{host}:{port} is no address to listen on ({error.strerror}).") from None
        try:
            if kind is socket.SOCK_DGRAM:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            else:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(place)
            if kind is socket.SOCK_STREAM:
                made.listen(64)
        except OSError as error:
            made.close()
            raise SourceError(f"Nothing can listen on {host}:{port} ({error.strerror}); choose another.") from None
        made.settimeout(_WAIT)
        return made

    def start(self) -> None:
        """Begins to receive."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends the threads and gives the addresses back."""
        self._ending.set()
        for thread in getattr(self, "_threads", ()):
            if thread.is_alive():
                thread.join()
        for one in self._sockets:
            one.close()

    def _lose(self, kind: str, count: int = 1) -> None:
        with self._count:
            self.lost[kind] = self.lost.get(kind, 0) + count

    def taken_losses(self) -> dict[str, int]:
        """What was lost since the last call."""
        with self._count:
            lost, self.lost = self.lost, {}
        return lost

    def _hold(self, messages: list[bytes], sender: str) -> None:
        for message in messages:
            try:
                self.held.put_nowait((message, sender, self._clock()))
            except queue.Full:
                self._lose("messages dropped, Cordon was too slow")

    def _receive(self, listening: socket.socket) -> None:
        while not self._ending.is_set():
            try:
                data, place = listening.recvfrom(_PIECE)
            except TimeoutError:
                continue
            except OSError:
                self._ending.wait(_WAIT)  # the interface went down: it may come back
                continue
            if len(data) > MOST:
                self._lose("message too long, its end was left out")
            self._hold([data[:MOST]], _plain(place[0]))

    def _accept(self, listening: socket.socket) -> None:
        while not self._ending.is_set():
            try:
                connection, place = listening.accept()
            except TimeoutError:
                continue
            except OSError:
                self._ending.wait(_WAIT)
                continue
            with self._count:
                full = self._open >= MOST_CONNECTIONS
                self._open += not full
            if full:
                connection.close()
                self._lose("connections refused, there are too many")
                continue
            threading.Thread(
                target=self._serve, args=(connection, _plain(place[0])), name="syslog", daemon=True
            ).start()

    def _serve(self, connection: socket.socket, sender: str) -> None:
        frames = Frames()
        try:
            with connection:
                stream = self._spoken(connection)
                stream.settimeout(_WAIT)
                idle = 0.0
                while not self._ending.is_set() and idle < MOST_IDLE:
                    try:
                        piece = stream.recv(_PIECE)
                    except TimeoutError:
                        idle += _WAIT
                        continue
                    if not piece:
                        break
                    idle = 0.0
                    self._hold(frames.feed(piece), sender)
                self._hold(frames.end(), sender)
        except OSError:  # also of TLS
            self._lose("connections broken off")
        finally:
            if frames.cut:
                self._lose("message too long, its end was left out", frames.cut)
            with self._count:
                self._open -= 1

    def _spoken(self, connection: socket.socket) -> socket.socket:
        if self._context is None:
            return connection
        connection.settimeout(HANDSHAKE)
        return self._context.wrap_socket(connection, server_side=True)


def _context(certificate: Path | None) -> ssl.SSLContext:
    if certificate is None:
        raise SourceError("Listening for syslog over TLS wants a certificate: --certificate FILE (PEM, with its key).")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate)
    except (OSError, ssl.SSLError) as error:
        reason = (
            error.strerror if not isinstance(error, ssl.SSLError) else "it must hold a certificate and its key, PEM"
        )
        raise SourceError(f"{certificate} cannot be used ({reason}).") from None
    return context


def _plain(address: str) -> str:
    """An address without its zone, and IPv4 as such."""
    return address.partition("%")[0].removeprefix("::ffff:")
