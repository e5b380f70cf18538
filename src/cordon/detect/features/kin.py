"""Kin: devices that are alike, by the places they know. What the kin does together its maker has it do."""

import polars as pl


def kin_of(known: pl.DataFrame, device: str, before: int) -> frozenset[str]:
    """Other devices that knew most of the names that `device` knew, of those that only some devices know.

    Args:
        known: what devices have met; see `features.novelty`.
        device: whose kin.
        before: what was met later (µs) does not count.
    """
    named = pl.col("key").str.starts_with("=") & ~pl.col("key").str.contains(r"/(24|48)$")
    places = known.filter(named & (pl.col("first") < before)).select("device", "key")
    many = max(2, places["device"].n_unique() // 3)
    mine = places.filter(pl.col("key").is_in(places.filter(pl.col("device") == device)["key"].implode()))
    some = mine.filter(pl.len().over("key").is_between(2, many))
    most = (some.filter(pl.col("device") == device).height + 1) // 2
    like = some.group_by("device").len().filter((pl.col("len") >= most) & (pl.col("device") != device))
    return frozenset(like["device"]) if most else frozenset()
