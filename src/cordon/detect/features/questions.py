"""Questions: names asked of DNS below each registered domain, for tunnels that speak in names."""

import math
from collections import Counter

import polars as pl

from cordon.detect.data.suffixes import registered_domain
from cordon.detect.state import QUESTIONS, State
from cordon.model.memo import nothing
from cordon.model.sides import owner

SHORTEST = 16
"""Shorter labels carry too little to be a tunnel; leaving them out keeps this small."""


def lookups_of(state: State, dns: pl.DataFrame) -> pl.DataFrame:
    """Questions and answers of plain DNS, with the `device` that asked; what nobody of ours asked is left out."""
    plain = dns.filter(pl.col("transport") == "dns")
    return owner(plain, state.bindings, mac="mac", ip="client", into="device").filter(pl.col("device") != "")


def questions_of(lookups: pl.DataFrame) -> pl.DataFrame:
    """Long names asked for, once per device and step."""
    if lookups.is_empty():
        return nothing(QUESTIONS)
    asked = lookups.filter(
        (pl.col("name").str.len_chars() > SHORTEST)
        & ~pl.col("name").str.contains(r"\.(arpa|local|lan|home|internal)$|^_")
    )
    if asked.is_empty():
        return nothing(QUESTIONS)
    domains = {name: registered_domain(name) for name in asked["name"].unique().to_list()}
    return (
        asked.with_columns(domain=pl.col("name").replace_strict(domains, return_dtype=pl.String))
        .with_columns(length=(pl.col("name").str.len_chars() - pl.col("domain").str.len_chars()).cast(pl.Int64) - 1)
        .filter(pl.col("length") >= SHORTEST)
        .group_by("device", "domain", "name", "step")
        .agg(first=pl.col("time").min(), length=pl.col("length").first())
        .select(*QUESTIONS)
        .sort("device", "domain", "step", "name")
    )


def entropy(text: str) -> float:
    """Bits per character (Shannon)."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values()) if text else 0.0
