"""Whose a handshake of TLS is: the same for all checks of what servers choose and show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cordon.exposure.data.kinds import PERSONAL
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Rows
from cordon.model.tables import STEP


@dataclass(frozen=True, slots=True)
class Party:
    """One answer of a server, seen from one device: as the server, or as who asked a server elsewhere."""

    device: str
    step: int
    does: str  # "serves", "uses"
    where: str
    reach: Reach
    peers: tuple[str, ...]
    rows: Rows
    row: dict[str, Any]
    is_one: bool = True  # else any number of servers without a name: what one of them does says nothing of another


def parties(seen: Sight, *, outward: bool = True) -> list[Party]:
    """All answers of our servers; with `outward` also those that our devices got from elsewhere, which people's own
    computers and telephones do all day long and are left out of."""
    every: list[Party] = seen.kept.setdefault("parties", [])
    if not every:
        every += _parties(seen)
    return every if outward else [one for one in every if one.does == "serves"]


def _parties(seen: Sight) -> Iterator[Party]:
    for row in seen.tls:
        step, server, client = row["step"], row["server_device"], row["client_device"]
        where = (("segment", row["segment"]), ("server", row["server"]), ("port", str(row["port"])))
        selector = Rows("tls", step, step + STEP, where)
        if server:
            reach = Reach.INTERNET if row["outside"] else Reach.NETWORK
            yield Party(server, step, "serves", f"port {row['port']}", reach, (client,), selector, row)
        elif client and seen.kind(client, step) not in PERSONAL:
            # Of servers without a name there may be any number: they are told by their port.
            name = row["sni"][:100] or f"others, port {row['port']}"
            yield Party(client, step, "uses", f"to {name}", Reach.PATH, (), selector, row, bool(row["sni"]))
