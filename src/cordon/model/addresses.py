"""Addresses as text: whether it is one, where it lies, and keys that begin alike for all of one network, by which whole
columns are compared with networks at once.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

import polars as pl

_HEX: Final = {str(number): f"{number:02x}" for number in range(256)}


def is_address(text: str) -> bool:
    """Whether a text is an address and no name."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_within(address: str, network: IPv4Network | IPv6Network) -> bool:
    """Whether an address lies in a network; what is no address (a MAC, damage) lies in none."""
    try:
        return ip_address(address) in network
    except ValueError:
        return False


def network_keys(network: IPv4Network | IPv6Network) -> list[str]:
    """What the keys of all addresses of a network, and of no other, begin with: up to eight beginnings where its border
    is not that of a hex digit."""
    digits = -(-network.prefixlen // 4)
    first = int(network.network_address) >> (network.max_prefixlen - 4 * digits)
    count = 1 << (4 * digits - network.prefixlen)
    return [f"{network.version}{first + at:0{digits}x}" if digits else str(network.version) for at in range(count)]


def address_key(address: pl.Expr) -> pl.Expr:
    """The keys of addresses: "4" and 8 hex digits, or "6" and 32; null for what is no address."""
    four = address.str.split(".").list.eval(pl.element().replace_strict(_HEX, default=None, return_dtype=pl.String))
    halves = address.str.splitn("::", 2).struct
    left, right = (_groups(half) for half in (halves.field("field_0"), halves.field("field_1").fill_null("")))
    zeros = pl.lit("0000").repeat_by((8 - left.list.len().cast(pl.Int64) - right.list.len().cast(pl.Int64)).clip(0, 8))
    six = pl.concat_list(left, zeros, right).list.join("")
    is_six = address.str.contains(":", literal=True) & ~address.str.contains(".", literal=True)
    return (
        pl.when(is_six & (six.str.len_bytes() == 32))
        .then(pl.lit("6") + six)
        .when(~address.str.contains(":", literal=True) & (four.list.len() == 4))
        .then(pl.lit("4") + four.list.join("", ignore_nulls=False))
    )


def _groups(half: pl.Expr) -> pl.Expr:
    """The groups of one half of an IPv6 address, four digits each."""
    return half.str.split(":").list.eval(pl.element().filter(pl.element() != "").str.zfill(4))
