"""A service in clear that has an enciphered form: the base of checks that differ only by which."""

from collections.abc import Iterator
from typing import Any, ClassVar

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.exposure.talking import Row
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
        concerned = seen.stands(self.id)
        for row in seen.served(self.services, self.ports):
            outside = f", and answered {row['peer']} from the Internet" if row["outside"] else ""
            concerned.add(row["device"])
            yield self._shown(row, outside, Reach.INTERNET if row["outside"] else Reach.NETWORK)
        if self.outward:
            for row in seen.opened(self.services, self.ports):
                if row["outside"]:
                    concerned.add(row["device"])
                    yield self._shown(row, "", Reach.PATH)
        for service, port in self.instead:
            rows = seen.served((service,), of=concerned)
            rows += seen.opened((service,), of=concerned) if self.outward else []
            for row in rows:
                if not port or row["port"] == port:
                    yield self.proper(row["device"], row["step"], self.well)

    def _shown(self, row: Row, more: str, reach: Reach) -> Sign:
        return self.shown(
            row["device"],
            row["step"],
            self.does.format(port=row["port"]) + more,
            first=row["first"],
            reach=reach,
            measured=(("port", row["port"]), ("with", row["peer"])),
            peers=(row["peer_device"],),
            rows=talks_of(row),
        )


def talks_of(row: dict[str, Any]) -> Rows:
    """The talks that a row of `Sight.served` or `opened` was made of."""
    step = row["step"]
    return Rows("talks", step, step + STEP, (("device", row["device"]), ("port", str(row["port"]))))


def reach_of(row: dict[str, Any]) -> Reach:
    """From where what a row shows can be used, when the device serves it."""
    return Reach.INTERNET if row["outside"] else Reach.NETWORK
