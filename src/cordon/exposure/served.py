"""A service in clear that has an enciphered form: the base of checks that differ only by which."""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Rows
from cordon.model.tables import STEP


class InClear(Check):
    """Devices that answer on a service in clear; the same device answering on its enciphered form is the opposite."""

    services: ClassVar[tuple[str, ...]]
    """What the service is recognised as."""
    ports: ClassVar[tuple[int, ...]] = ()
    """Where it is taken for granted although it is not recognised."""
    instead: ClassVar[tuple[tuple[str, int], ...]] = ()
    """What it is served as instead: services, each with its port (0 for any); none: only silence ends it."""
    outward: ClassVar[bool] = False
    """Devices that use the service elsewhere on the Internet are meant too."""
    does: ClassVar[str]
    """Completes "‹device› …"; {port} stands for the port."""
    well: ClassVar[str] = ""
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        such = pl.col("service").is_in(self.services)
        if self.ports:
            such = such | (pl.col("port").is_in(self.ports) & (pl.col("service") == ""))
        for row in seen.served(such).iter_rows(named=True):
            port, outside = row["port"], row["outside"]
            yield self.shown(
                row["device"],
                row["step"],
                self.does.format(port=port) + (f", and answered {row['peer']} from the Internet" if outside else ""),
                first=row["first"],
                reach=Reach.INTERNET if outside else Reach.NETWORK,
                measured=(("port", port), ("asked by", row["peer"])),
                peers=(row["peer_device"],),
                rows=talks_of(row),
            )
        if self.outward:
            for row in seen.opened(such & (pl.col("scope") == "internet")).iter_rows(named=True):
                port = row["port"]
                yield self.shown(row["device"], row["step"], self.does.format(port=port), first=row["first"],
                                 reach=Reach.PATH, measured=(("port", port), ("with", row["peer"])),
                                 rows=talks_of(row))  # fmt: skip
        yield from self._done_well(seen)

    def _done_well(self, seen: Sight) -> Iterator[Sign]:
        if not self.instead:
            return
        such = pl.any_horizontal(
            *((pl.col("service") == name) & ((pl.col("port") == port) | (port == 0)) for name, port in self.instead)
        )
        rows = seen.served(such)
        if self.outward:
            rows = pl.concat([rows, seen.opened(such & (pl.col("scope") == "internet"))])
        for row in rows.iter_rows(named=True):
            yield self.proper(row["device"], row["step"], self.well)


def talks_of(row: dict[str, object]) -> Rows:
    """The talks that a row of `Sight.served` or `opened` was made of."""
    step = int(str(row["step"]))
    return Rows("talks", step, step + STEP, (("device", str(row["device"])), ("port", str(row["port"]))))
