"""What messages of programs tell: patterns as data, read from `patterns/*.toml`.

An entry::

    [[pattern]]
    program = ["sshd"]                      # who writes it; empty: anybody
    match = '^Accepted \\S+ for (?P<user>\\S+) from (?P<client>\\S+)'   # Rust regex with named groups
    table = "logins"                        # logins, health or dhcp
    set = { service = "ssh", outcome = "success", port = 22 }
    examples = [{ text = "Accepted password for root from 192.0.2.4 port 5 ssh2", user = "root", client = "192.0.2.4" }]
    not = ["Failed password for root from 192.0.2.4 port 5 ssh2"]

Groups and what is `set` are columns of the table; of a message the first pattern of its program counts.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

TELLS: Final = {
    "logins": frozenset({"user", "client", "mac", "server", "service", "port", "outcome"}),
    "health": frozenset({"event", "subject", "mac", "ip"}),
    "dhcp": frozenset({"message", "ip", "mac", "name"}),
}
"""What a pattern may tell of each table."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry."""

    place: str
    programs: tuple[str, ...]
    match: str
    table: str
    values: Mapping[str, Any]
    examples: tuple[Mapping[str, str], ...]
    nots: tuple[str, ...]


def parse_all(texts: Iterable[tuple[str, str]]) -> tuple[Pattern, ...]:
    """The patterns of these (place, TOML) texts.

    Raises:
        ValueError: an entry is not as it must be; the message names the place.
    """
    return tuple(
        _pattern(f"{place}, pattern {number}", entry)
        for place, text in texts
        for number, entry in enumerate(tomllib.loads(text)["pattern"], 1)
    )


def _pattern(place: str, entry: Mapping[str, Any]) -> Pattern:
    if set(entry) - {"program", "match", "table", "set", "examples", "not"}:
        raise ValueError(f"{place}: it says more than a pattern does")
    values, table = entry.get("set", {}), entry["table"]
    if table not in TELLS or set(values) - TELLS[table]:
        raise ValueError(f"{place}: {table} has no such columns")
    if not entry["examples"]:
        raise ValueError(f"{place}: it has no example")
    nots = tuple(entry.get("not", ()))
    return Pattern(place, tuple(entry["program"]), entry["match"], table, values, tuple(entry["examples"]), nots)


@cache
def shipped() -> tuple[Pattern, ...]:
    """All patterns, in the order of their files."""
    folder = resources.files("cordon.sources.syslog") / "patterns"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return parse_all((one.name, one.read_text(encoding="utf-8")) for one in files)
