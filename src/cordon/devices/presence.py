"""When and how much each device spoke."""

from collections.abc import Mapping, Sequence

import polars as pl

PRESENCE = {
    "device": pl.String,
    "first_seen": pl.Int64,
    "last_seen": pl.Int64,
    "packets": pl.Int64,
    "bytes": pl.Int64,
    "steps": pl.Int64,
}


def presence(flows: pl.DataFrame, sightings: pl.DataFrame, endpoints: Mapping[str, str]) -> pl.DataFrame:
    """One row for each device that was heard in the window, in order of device ids.

    `first_seen` and `last_seen` are µs, `packets` and `bytes` what it sent in flows, `steps` the steps in which it
    spoke. Rows of several windows add up (least, greatest, sums).
    """
    if flows.is_empty() and sightings.is_empty():
        return pl.DataFrame(schema=PRESENCE)
    heard = _heard(sightings)
    rows: dict[str, list[int]] = {}
    for place, first, last, packets, size in _flows(flows).iter_rows():
        if (device := endpoints.get(place)) is not None:
            _add(rows, device, first, last, packets, size, 0)
    several = _several(endpoints)
    for place, first, last, steps in heard.iter_rows():
        if (device := endpoints.get(place)) is not None:
            _add(rows, device, first, last, 0, 0, 0 if device in several else steps)
    for device, places in several.items():
        if device in rows:
            rows[device][4] = sightings.filter(_place("mac").is_in(places))["step"].n_unique()
    return pl.DataFrame([(device, *rows[device]) for device in sorted(rows)], schema=PRESENCE, orient="row")


def total(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The presence of several spans as one."""
    least, greatest = pl.col("first_seen").min(), pl.col("last_seen").max()
    return (
        pl.concat(parts)
        .group_by("device")
        .agg(least, greatest, pl.col("packets", "bytes", "steps").sum())
        .sort("device")
    )


def _several(endpoints: Mapping[str, str]) -> dict[str, list[str]]:
    """Endpoints of the devices that have more than one: a step in which two of them spoke counts once."""
    places: dict[str, list[str]] = {}
    if len(set(endpoints.values())) == len(endpoints):
        return places
    for place, device in endpoints.items():
        places.setdefault(device, []).append(place)
    return {device: sorted(own) for device, own in places.items() if len(own) > 1}


def _add(rows: dict[str, list[int]], device: str, first: int, last: int, *counts: int) -> None:
    row = rows.setdefault(device, [first, last, 0, 0, 0])
    row[0], row[1] = min(row[0], first), max(row[1], last)
    for at, count in enumerate(counts, 2):
        row[at] += count


def _place(endpoint: str | pl.Expr) -> pl.Expr:
    return pl.concat_str("segment", endpoint, separator="|").alias("place")


def _heard(sightings: pl.DataFrame) -> pl.DataFrame:
    return sightings.group_by(_place("mac")).agg(
        pl.col("time").min().alias("first"),
        pl.col("time").max().alias("last"),
        pl.col("step").n_unique().alias("steps"),
    )


def _flows(flows: pl.DataFrame) -> pl.DataFrame:
    """What either end sent; an end that sent nothing is left out, so silence is not taken for life."""
    ends = []
    for mac, ip, way in (("src_mac", "src", "out"), ("dst_mac", "dst", "in")):
        endpoint = pl.when(pl.col(mac) == "").then(ip).otherwise(mac)
        sent = flows.lazy().filter(pl.col(f"packets_{way}") > 0)
        counts = (pl.col(f"packets_{way}").alias("packets"), pl.col(f"bytes_{way}").alias("bytes"))
        ends.append(sent.select(_place(endpoint), "first", "last", *counts))
    totals = (pl.col("first").min(), pl.col("last").max(), pl.col("packets").sum(), pl.col("bytes").sum())
    return pl.concat(ends).group_by("place").agg(totals).collect()
