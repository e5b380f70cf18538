"""Which families of traffic there are, how many of all packets each has, and between whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from cordon.lab.mix import machines, media, names, scan, web
from cordon.lab.mix.script import Script

Where = Literal["outside", "inside", "router", "anywhere"]


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of traffic: its share of the packets in thousandths, where its servers are, and its conversations."""

    name: str
    share: int
    where: Where
    scripts: Callable[[Random], Iterator[Script]]


FAMILIES: Final = (
    Family("scan", 330, "anywhere", scan.probes),
    Family("tls", 235, "outside", web.secured),
    Family("quic", 110, "outside", web.datagrams),
    Family("http", 80, "outside", web.plain),
    Family("media", 110, "inside", media.streams),
    Family("mqtt", 40, "inside", machines.readings),
    Family("control", 50, "inside", machines.control),
    Family("dns", 20, "router", names.lookups),
    Family("discovery", 25, "router", names.discovery),
)
"""Shares add up to 1,000; with them there are about five packets a flow."""
