"""Addresses that two senders use in turn.

A device has one host name and opens connections in its system's way. A new system changes that once. Where it goes
back and forth within minutes, somebody else has taken the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.model.tables import HOUR

OFTEN: Final = 4  # turns within `SPAN` from which on an address is in two hands
SPAN: Final = HOUR
_SYN: Final = r"^(\d+)_[^_]*_[^_]*_[^_]*_(.+)$"


@dataclass(frozen=True, slots=True)
class Face:
    """How an endpoint presented itself last and before, and the latest times (µs) at which it turned back."""

    way: str
    before: str = ""
    turns: tuple[int, ...] = ()
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Clone:
    """An address in two hands: when that was certain, and the two ways in which it is used."""

    place: str
    time: int
    step: int
    field: str
    one: str
    other: str


def look(faces: Mapping[str, Face], sightings: pl.DataFrame) -> tuple[dict[str, Face], list[Clone]]:
    """The faces after these sightings, and endpoints found in two hands for the first time.

    Args:
        faces: by key of endpoint and field.
        sightings: rows in order of time.
    """
    way = (
        pl.when(pl.col("field") == "tcp.syn")  # window and segment size follow the route; the rest is the system's
        .then(pl.col("value").str.replace(_SYN, "${1} ${2}"))
        .otherwise(pl.col("value").str.to_lowercase())
    )
    is_change = (pl.col("way") != pl.col("way").shift()).over("place", "field").fill_null(value=True)
    rows = (
        sightings.lazy()
        .filter(pl.col("field").is_in(["dhcp.hostname", "tcp.syn"]) & pl.col("mac").str.contains(":", literal=True))
        .select(pl.concat_str("segment", "mac", separator="|").alias("place"), "field", "time", "step", way=way)
        .sort("time", maintain_order=True)
        .filter(is_change)
        .collect()
    )
    after, found = dict(faces), list[Clone]()
    for place, field, time, step, now in rows.iter_rows():
        name = f"{place}|{field}"
        face = after.get(name)
        if face is None:
            after[name] = Face(now)
        elif _differ(field, face.way, now):
            # Only what comes back counts: a third way is a new system, or one of many that a host runs.
            turns = (*face.turns, time)[-OFTEN:] if now == face.before else ()
            often = len(turns) == OFTEN and time - turns[0] <= SPAN
            if often and not face.is_told:
                found.append(Clone(place, time, step, field, face.way, now))
            after[name] = Face(now, face.way, turns, face.is_told or often)
    return after, found


def _differ(field: str, one: str, other: str) -> bool:
    """True when no single system presents itself both ways. Some leave options out when they are not answered, and
    programs that scan write bare packets of their own."""
    if field != "tcp.syn":
        return one != other
    ttl, _, options = one.partition(" ")
    other_ttl, _, other_options = other.partition(" ")
    if not options or not other_options:
        return False
    kinds, other_kinds = set(options.split(",")), set(other_options.split(","))
    return ttl != other_ttl or not (kinds <= other_kinds or other_kinds <= kinds)
