"""The hour that is over as habits: what each device did in it, without what a finding speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cordon.detect.baseline.hearing import gathered
from cordon.detect.baseline.memory import DOMAIN, FAILED, INTO
from cordon.detect.baseline.sketch import bucketed
from cordon.detect.state import Sign
from cordon.model.baseline import What
from cordon.model.memo import nothing
from cordon.model.tables import DAY, HOUR, STEP, Schema

BEGUN: Final[Schema] = {"device": pl.String, "key": pl.String, "step": pl.UInt32}
VALUED: Final[Schema] = {"device": pl.String, "key": pl.String, "low": pl.Float64, "high": pl.Float64}
COUNTED: Final[Schema] = {"device": pl.String, "what": pl.UInt8, "bucket": pl.UInt8, "count": pl.UInt32}


@dataclass(frozen=True, slots=True, eq=False)
class Hour:
    """What is learned of one hour, all of it by device and without the suspects."""

    hour: int  # since the epoch
    present: pl.DataFrame  # device
    done: pl.DataFrame  # device, what, key, first, last: steps since the epoch
    begun: pl.DataFrame  # device, key, step: when talk with places began
    volumes: pl.DataFrame  # device, slot, bucket
    counted: pl.DataFrame  # device, what (of `MEASURES`), bucket, count
    values: pl.DataFrame  # device, key, low, high


def hour_of(
    hour: int,
    *,
    running: pl.DataFrame,
    heard: pl.DataFrame,
    links: pl.DataFrame,
    tries: pl.DataFrame,
    services: pl.DataFrame,
    signs: Iterable[Sign],
    rejected: pl.DataFrame,
) -> Hour:
    """What is learned of the hour that began at `hour` (µs).

    Args:
        hour: its beginning.
        running: bytes of each device in it.
        heard: of `memory.HEARD`.
        links: of `state.LINKS`, also of before.
        tries: of `state.TRIES`, also of before.
        services: what is known (`state.KNOWN`) of services offered.
        rejected: device and about, what people said is not normal.
        signs: what was found lately. Of a device with a strong one nothing is learned; of others not what it names.
    """
    signs = tuple(signs)
    suspects = sorted({sign.device for sign in signs if sign.strong})
    named = pl.DataFrame(
        sorted({(sign.device, one) for sign in signs for one in sign.about}),
        schema={"device": pl.String, "about": pl.String},
        orient="row",
    )
    named = pl.concat([named, rejected.select(named.columns)]).unique()
    within = pl.col("step").is_between(hour, hour + HOUR, closed="left")
    clear = ~pl.col("device").is_in(suspects)
    links = _without(links.filter(within & clear), named, "peer", "peer_device")
    heard = _without(gathered(heard.filter(clear)), named, "key", "net") if len(heard) else heard
    mine = services.filter(clear & (pl.col("last") >= hour) & pl.col("key").str.starts_with("@"))
    mine = mine.with_columns(pl.col("key").str.slice(1))
    offers = _without(mine, named, "key")
    found = [
        heard.filter(pl.col("what") < DOMAIN).select("device", "what", "key", "first", "last"),
        *_talked(links),
        offers.select("device", what=pl.lit(What.OFFERS, pl.UInt8), key="key",
                      first=pl.max_horizontal("first", pl.lit(hour, pl.Int64)), last=pl.min_horizontal(
                          pl.col("last") // STEP * STEP, pl.lit(hour + HOUR - STEP, pl.Int64))),
        *_logins(tries.filter(within), suspects),
    ]  # fmt: skip
    steps = ((pl.col(name) // STEP).cast(pl.UInt32).alias(name) for name in ("first", "last"))
    done = pl.concat(found).group_by("device", "what", "key").agg(pl.col("first").min(), pl.col("last").max())
    present = running.filter(clear).select("device", "bytes_out", "bytes_in").sort("device")
    return Hour(
        hour // HOUR,
        present.select("device"),
        done.with_columns(steps).sort("device", "what", "key"),
        _begun(heard, hour),
        _volumes(present, hour),
        pl.concat([_sizes(links), _dns(heard)]),
        _values(heard),
    )


def _without(rows: pl.DataFrame, named: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The rows of which a finding about their device names none of `columns`."""
    for column in columns if len(named) else ():
        rows = rows.join(named, left_on=["device", column], right_on=["device", "about"], how="anti")
    return rows


def _talked(links: pl.DataFrame) -> list[pl.DataFrame]:
    """Services used, and peers in the own network, where somebody answered."""
    times = (pl.col("step").min().alias("first"), pl.col("step").max().alias("last"))
    names = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
    proto = pl.col("proto").replace_strict(names, default=pl.col("proto").cast(pl.String), return_dtype=pl.String)
    answered = links.filter("answered")
    if answered.is_empty():
        return []
    asked = answered.filter("initiated").group_by("device", "proto", "port").agg(*times)
    peer = pl.when(pl.col("peer_device") != "").then("peer_device").otherwise("peer")
    local = answered.filter(pl.col("scope") == "local").group_by("device", key=peer).agg(*times)
    return [
        asked.select("device", what=pl.lit(What.ASKS, pl.UInt8), key=pl.format("{}/{}", proto, "port"), first="first",
                     last="last"),
        local.select("device", what=pl.lit(What.PEER, pl.UInt8), key="key", first="first", last="last"),
    ]  # fmt: skip


def _logins(tries: pl.DataFrame, suspects: list[str]) -> list[pl.DataFrame]:
    """How devices sign in, and are signed into; where either end is suspected, of neither."""
    fine = ~pl.col("client_device").is_in(suspects) & ~pl.col("server_device").is_in(suspects)
    outcome = (
        pl.when(pl.col("successes") > 0)
        .then(pl.lit("success"))
        .when(pl.col("failures") > 0)
        .then(pl.lit("failure"))
        .otherwise(pl.lit("not seen"))
    )
    rows = tries.filter(fine)
    if rows.is_empty():
        return []
    return [
        rows.filter(pl.col(f"{end}_device") != "").select(
            device=f"{end}_device",
            what=pl.lit(What.LOGIN, pl.UInt8),
            key=pl.format(f"{{}} {way}: {{}}", "service", outcome),
            first="step",
            last="step",
        )
        for end, way in (("client", "out"), ("server", "in"))
    ]


def _begun(heard: pl.DataFrame, hour: int) -> pl.DataFrame:
    """When talk with a place began: a connection was opened, or it had been silent for a whole step before."""
    rows = heard.filter(pl.col("what") == What.PLACE)
    if rows.is_empty():
        return nothing(BEGUN)
    marks = rows.select("device", "key", mark="marks").explode("mark", empty_as_null=False)
    steps = marks.group_by("device", "key", step=pl.col("mark") // 2).agg(opened=(pl.col("mark") % 2 == 1).any())
    steps = steps.sort("device", "key", "step")
    before = pl.col("step").cast(pl.Int32) - pl.col("step").cast(pl.Int32).shift(1).over("device", "key")
    begun = steps.filter(pl.col("opened") | (before > 1).fill_null(True))
    return begun.select("device", "key", step=pl.col("step").cast(pl.UInt32) + hour // STEP)


def _values(heard: pl.DataFrame) -> pl.DataFrame:
    """The least and the greatest value of each operation."""
    if heard.is_empty():
        return nothing(VALUED)
    numbers = heard.filter((pl.col("what") == What.OPERATION) & (pl.col("low") <= pl.col("high")))
    return numbers.select(*VALUED)


def _volumes(present: pl.DataFrame, hour: int) -> pl.DataFrame:
    slot = slot_of(hour // HOUR)
    out, into = bucketed(present["bytes_out"]), bucketed(present["bytes_in"]) + np.uint8(INTO)
    cells = [present.select("device", slot=pl.lit(slot, pl.UInt8)).with_columns(bucket=way) for way in (out, into)]
    return pl.concat(cells)


def slot_of(hour: int) -> int:
    """The hour of the week, from Monday on, of an hour since the epoch (a Thursday)."""
    return (hour + 3 * DAY // HOUR) % (7 * DAY // HOUR)


def _sizes(links: pl.DataFrame) -> pl.DataFrame:
    """How much went to one peer and port, and came from it, in each step."""
    if links.is_empty():
        return nothing(COUNTED)
    ways = []
    for what, column in ((2, "bytes_out"), (3, "bytes_in")):
        sizes = links.select("device", bucket=bucketed(links[column]))
        counts = sizes.group_by("device", "bucket").agg(count=pl.len().cast(pl.UInt32))
        ways.append(counts.select("device", what=pl.lit(what, pl.UInt8), bucket="bucket", count="count"))
    return pl.concat(ways)


def _dns(heard: pl.DataFrame) -> pl.DataFrame:
    """Questions, different domains, and failures of each device that asked anything in this hour."""
    rows = heard.filter(pl.col("what").is_in([DOMAIN, FAILED]))
    if rows.is_empty():
        return nothing(COUNTED)
    asked, failed = pl.col("what") == DOMAIN, pl.col("what") == FAILED
    each = rows.group_by("device").agg(
        pl.col("times").filter(asked).sum().alias("4"),
        pl.col("key").filter(asked).n_unique().cast(pl.Int64).alias("5"),
        pl.col("times").filter(failed).sum().alias("6"),
    )
    one = pl.lit(1, pl.UInt32)
    return pl.concat(
        each.select("device", what=pl.lit(int(name), pl.UInt8), bucket=bucketed(each[name]), count=one)
        for name in ("4", "5", "6")
    )
