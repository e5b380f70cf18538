"""A rule by an owner: what it looks at, what it wants there, and what it says."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.detect.tallies import Counted
from cordon.model.facts import TALKS
from cordon.model.finding import Severity
from cordon.model.sides import End
from cordon.model.tables import TABLES, Schema


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule as it was read."""

    name: str
    says: str  # with columns in braces
    table: str
    when: pl.Expr
    side: str  # whose finding it is: client or server
    family: str
    technique: str
    severity: Severity
    explains: str
    pause: int  # µs without it until it is told of again
    count: Counted | None
    place: str  # file and line

    @property
    def id(self) -> str:
        """The id of its detector."""
        return f"rule:{self.name}"


_CLIENT: Final = {"client": End("mac", "client"), "server": End("", "server")}
_BOTH: Final = {"client": End("mac", "client"), "server": End("server_mac", "server")}
_FLOW: Final = {"client": End("src_mac", "src"), "server": End("dst_mac", "dst")}

ENDS: Final[dict[str, dict[str, End]]] = {
    "talks": {"client": End("")},  # its rows are of a device already
    "flows": _FLOW,
    "alerts": _FLOW,
    **dict.fromkeys(("dns", "tls", "quic", "http", "mqtt", "coap", "files"), _CLIENT),
    **dict.fromkeys(("logins", "ot"), _BOTH),
    "arp": {"client": End("mac")},
    "dhcp": {"client": End("mac"), "server": End("sender_mac")},
}
"""The tables that rules look at, and where in a row their devices stand."""


def schema_of(table: str) -> Schema:
    """The columns of a table that rules look at."""
    return TALKS if table == "talks" else TABLES[table]
