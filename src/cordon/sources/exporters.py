"""Flow export as it comes in over UDP, as windows by event time."""

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from cordon.model.tables import SECOND
from cordon.model.window import Window
from cordon.sources.assembly import Assembly, window_parts
from cordon.sources.errors import SourceError
from cordon.sources.flowexport import Decoder
from cordon.sources.pairing import Pairing, merged, not_before
from cordon.sources.receiving import Receiving, wall_clock

GRACE: Final = 60 * SECOND
"""How long a window waits for records of its time: exporters tell of a flow up to their active timeout later."""

MOST_HELD: Final = 8192
"""Datagrams that wait to be decoded; beyond, they are dropped and counted."""

_RECEIVE_BUFFER: Final = 8 << 20
_LARGEST: Final = 65_535
_WAIT: Final = 0.25  # seconds between two looks at the clock

Held = tuple[bytes, str, int]


class Listener:
    """Receives datagrams on an address in a thread of its own, so that none is lost while windows are judged."""

    def __init__(self, host: str, port: int, clock: Callable[[], int]) -> None:
        """Binds; raises SourceError when the address cannot be had."""
        self._clock = clock
        self.held: queue.Queue[Held] = queue.Queue(MOST_HELD)
        self.dropped = 0
        self._ending = threading.Event()
        try:
            family, kind, proto, _, place = socket.getaddrinfo(
                host or None, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
            )[0]
            self._socket = socket.socket(family, kind, proto)
        except OSError as error:
            raise SourceError(f"{host}:{port} is no address to listen on ({error.strerror}).") from None
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            self._socket.bind(place)
        except OSError as error:
            self._socket.close()
            raise SourceError(f"Nothing can listen on {host}:{port} ({error.strerror}); choose another.") from None
        self._socket.settimeout(_WAIT)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._receive, name="flow export", daemon=True)

    def start(self) -> None:
        """Begins to receive."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and gives the address back."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _receive(self) -> None:
        while not self._ending.is_set():
            try:
                data, place = self._socket.recvfrom(_LARGEST)
            except TimeoutError:
                continue
            except OSError:
                if self._ending.is_set():
                    return
                self._ending.wait(_WAIT)  # the interface went down: it may come back
                continue
            try:
                self.held.put_nowait((data, str(place[0]), self._clock()))
            except queue.Full:
                self.dropped += 1


class FlowExportSource(Receiving):
    """NetFlow v5, v9 and IPFIX received on an address, as windows until `stop` is called.

    A record's counters are spread over its time. A window is handed out `grace` after its end; records that come later
    still count for the first window that is open, with their own times.
    """

    kind = "netflow"

    def __init__(
        self,
        host: str,
        port: int,
        *,
        site: str,
        window: int,
        segment: str = "lan",
        grace: int = GRACE,
        clock: Callable[[], int] = wall_clock,
    ) -> None:
        """Binds the address (port 0: any free one); `window` and `grace` are in µs.

        Raises:
            SourceError: the address cannot be listened on.
        """
        self._listener = Listener(host, port, clock)
        super().__init__(self._listener, site=site, window=window, segment=segment, grace=grace, clock=clock)
        self._decoder = Decoder(self._damage)
        self._pairing = Pairing(segment)
        self._assembly = Assembly()
        self._pool: list[pl.DataFrame] = []
        self.port = self._listener.port
        self._name = f"NetFlow on {host}:{self.port}"

    def _received(self, one: Held) -> None:
        self._decoder.decode(*one)

    def _count_losses(self) -> None:
        if self._listener.dropped:
            self._damage.add("datagrams dropped, Cordon was too slow", "", self._listener.dropped)
            self._listener.dropped = 0

    def _close(self, begin: int) -> Window:
        """The window that begins then, with all that is known of it."""
        self._pool.append(self._pairing.rows(self._decoder.records(), self._decoder.exporters))
        rows = not_before(pl.concat(self._pool), begin)
        end = begin + self._window
        mine, later = rows.filter(pl.col("step") < end), rows.filter(pl.col("step") >= end)
        self._pool = [later]
        if mine.is_empty():
            return Window(self.site, begin, end)
        tables = self._assembly.tables({"flows": merged(mine)})
        self._count(tables["flows"])
        return Window.checked(self.site, begin, end, window_parts(tables, begin, end))

    def _rest(self, begin: int) -> Iterator[Window]:
        """What is left at the end; a clock far ahead must not bring endless windows, so a gap is one window."""
        self._pool.append(self._pairing.rows(self._decoder.records(), self._decoder.exporters))
        rows = not_before(pl.concat(self._pool), begin)
        for start in (rows["step"] // self._window * self._window).unique().sort().to_list():
            if start > begin:
                yield Window(self.site, begin, start)
            self._pool = [rows.filter(pl.col("step") >= start)]
            yield self._close(start)
            begin = start + self._window

    def _count(self, flows: pl.DataFrame) -> None:
        for what in ("packets", "bytes"):
            self._stats[what] += int(flows.select(pl.col(f"{what}_out").sum() + pl.col(f"{what}_in").sum()).item())
        self._stats["flows"] += int(flows["is_first"].sum())
        self._stats["evicted"] = self._pairing.evicted
        first, last = flows.select(pl.col("first").min(), pl.col("last").max()).row(0)
        self._stats["first"] = min(self._stats["first"] or first, first)
        self._stats["last"] = max(self._stats["last"], last)

    @property
    def label(self) -> str:
        """What people call it; says so when exporters told of samples, whose counters are multiplied."""
        return self._name + (" (sampled)" if self._decoder.sampled else "")
