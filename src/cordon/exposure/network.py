"""What the network itself offers its devices: who resolves names for them, and who gives them the time."""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from cordon.model.sides import PRIVATE
from cordon.model.window import Window

MOST: Final = 64
"""Addresses of each that are remembered; a network has a few."""


def given_of(window: Window, known: Mapping[str, int]) -> dict[str, int]:
    """The resolvers that DHCP hands out, with the step in which each was first seen, and those known before."""
    handed = window.table("dhcp").filter(pl.col("dns") != "").group_by("dns").agg(pl.col("step").min()).rows()
    return _with(known, ((one.strip(), step) for text, step in handed for one in text.split(",") if one.strip()))


def clocks_of(talks: pl.DataFrame | None, known: Mapping[str, int]) -> dict[str, int]:
    """The addresses of this network that answered somebody who asked for the time, as `given_of`."""
    if talks is None or talks.is_empty():
        return dict(known)
    asked = (pl.col("service") == "ntp") & pl.col("initiated") & pl.col("peer").str.contains(PRIVATE)
    return _with(
        known,
        talks.filter(asked & (pl.col("payload_in") > 0)).group_by("peer").agg(pl.col("step").min()).rows(),
    )


def _with(known: Mapping[str, int], fresh: Iterable[tuple[str, int]]) -> dict[str, int]:
    found = dict(known)
    for address, step in sorted(fresh, key=lambda pair: (pair[1], pair[0])):
        if address in found:
            found[address] = min(step, found[address])
        elif len(found) < MOST:
            found[address] = step
    return found
