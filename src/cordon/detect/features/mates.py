"""Mates: devices that are alike by the places they know. What mates do together their maker has them do.

`detect.baseline.kin` goes by what devices are, this by what they do: a device whose kind nobody knows has mates too.
"""

import polars as pl


def mates_of(known: pl.DataFrame, device: str, before: int) -> frozenset[str]:
    """Other devices that knew most of the names that `device` knew, of those that only some devices know.

    Args:
        known: what devices have met; see `features.novelty`.
        device: whose mates.
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
