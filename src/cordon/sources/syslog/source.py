"""Logs as they come in over the network, as windows by the time of their coming."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from cordon.model.tables import MINUTE, SECOND
from cordon.model.window import Window
from cordon.sources.assembly import BOOK, Assembly, window_parts
from cordon.sources.receiving import Receiving, wall_clock
from cordon.sources.syslog.headers import headed
from cordon.sources.syslog.listening import Held, Listener
from cordon.sources.syslog.place import Place
from cordon.sources.syslog.rows import rows_of

GRACE: Final = 2 * SECOND
"""How long a window waits for what is still being taken."""
OFF: Final = 5 * MINUTE
"""A sender's clock that differs by more is not believed: the time of coming counts."""
MOST_LEASES: Final = 65_536


class SyslogSource(Receiving):
    """Messages received on a place, as windows until `stop` is called.

    A message's own time counts where it tells a zone and is near the time of its coming, which counts else.
    """

    kind = "syslog"

    def __init__(
        self,
        place: Place,
        *,
        site: str,
        window: int,
        segment: str = "lan",
        certificate: Path | None = None,
        grace: int = GRACE,
        clock: Callable[[], int] = wall_clock,
    ) -> None:
        """Binds the place; `window` and `grace` are in µs, `certificate` a PEM file with its key, for TLS.

        Raises:
            SourceError: the place cannot be listened on.
        """
        self._listener = Listener(place.host, place.port, place.transports, clock, certificate)
        super().__init__(self._listener, site=site, window=window, segment=segment, grace=grace, clock=clock)
        self._book = pl.DataFrame(schema=BOOK)
        self._pool: list[Held] = []
        self.port = self._listener.port
        self.label = f"syslog on {place.host}:{self.port}"

    def _received(self, one: Held) -> None:
        self._pool.append(one)

    def _count_losses(self) -> None:
        for kind, count in self._listener.taken_losses().items():
            self._damage.add(f"syslog: {kind}", "", count)

    def _rest(self, begin: int) -> Iterator[Window]:
        while self._pool:
            yield self._close(begin)
            begin += self._window

    def _close(self, begin: int) -> Window:
        """The window that begins then, of what came before its end."""
        end = begin + self._window
        mine = [one for one in self._pool if one[2] < end]
        self._pool = [one for one in self._pool if one[2] >= end]
        if not mine:
            return Window(self.site, begin, end)
        rows = dict(rows_of(self._headed(mine, begin, end), self.segment))
        leases = rows.pop("leases", None)
        if leases is not None:
            book = pl.concat([self._book, leases.select(*BOOK)]).sort("time", maintain_order=True)
            self._book = book.unique(["segment", "ip", "mac"], keep="last", maintain_order=True).tail(MOST_LEASES)
        tables = Assembly(self._book).tables(rows)
        self._stats["first"] = self._stats["first"] or begin
        self._stats["last"] = end
        return Window.checked(self.site, begin, end, window_parts(tables, begin, end))

    def _headed(self, held: list[Held], begin: int, end: int) -> pl.DataFrame:
        """The messages with their times; each of them within the window, since it is told but once."""
        texts = [data.decode("utf-8", "replace").replace("\0", " ").strip() for data, _, _ in held]
        self._stats["packets"] += len(held)
        self._stats["bytes"] += sum(len(data) for data, _, _ in held)
        lines = pl.DataFrame({"line": texts, "sender": [one[1] for one in held], "came": [one[2] for one in held]})
        told = headed(lines, end, is_live=True)
        lost = told["time"].is_null()
        if lost.any():
            self._damage.add("syslog: no header", str(told["sender"].filter(lost)[0]), int(lost.sum()))
        zoned = lines["line"].str.contains(r"^(?:<\d{1,3}>)?(?:\d{1,2} )?\d{4}-\d\d-\d\dT\S+(?:Z|[+-]\d\d:?\d\d) ")
        near = (pl.col("time") - pl.col("came")).abs() <= OFF
        return told.with_columns(
            time=pl.when(near & zoned).then("time").otherwise("came").clip(begin, end - 1),
            host=pl.when(pl.col("host") == "").then("sender").otherwise("host"),
        ).filter(~lost)
