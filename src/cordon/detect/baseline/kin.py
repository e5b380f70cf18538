"""Kin: the devices of one model, else of one kind. What they do is what a new one of them is expected to do."""

from dataclasses import replace

import polars as pl

from cordon.detect.baseline.memory import ENOUGH, GROUPS, KIN, KNOWN, LIKES, Baselines
from cordon.model.device import Device


def fold_likes(known: pl.DataFrame, new: tuple[Device, ...]) -> pl.DataFrame:
    """The versions of what devices are, with new ones added."""
    if not new:
        return known
    rows = [
        (one.id, one.time, one.kind.value, f"{one.vendor.value} {one.model.value}".strip() if one.model.value else "")
        for one in new
    ]
    fresh = pl.DataFrame(rows, schema=LIKES, orient="row")
    return pl.concat([known, fresh]).unique(["device", "time"], keep="last", maintain_order=True).sort("device", "time")


def likes_at(likes: pl.DataFrame, hour: int) -> pl.DataFrame:
    """The versions since `hour` (µs), and the last one before of each device."""
    past = likes.filter(pl.col("time") < hour).group_by("device", maintain_order=True).last()
    return pl.concat([past.select(*LIKES), likes.filter(pl.col("time") >= hour)]).sort("device", "time")


def with_kin(baselines: Baselines, likes: pl.DataFrame, hour: int) -> Baselines:
    """Sums the habits of the devices of each model and kind, as they were known before `hour` (µs)."""
    if len(baselines.learned) <= ENOUGH:
        return baselines  # nobody has so many kin
    then = likes.filter(pl.col("time") < hour).group_by("device", maintain_order=True).last()
    then = then.join(baselines.learned.select("device", "number"), on="device", how="left")
    each = pl.concat(
        [
            then.filter(pl.col("kind") != "").select("device", "number", group="kind"),
            then.filter(pl.col("model") != "").select("device", "number", group="model"),
        ]
    )
    known = each.filter(pl.col("number").is_not_null())
    members = known.group_by("group").agg(members=pl.len().cast(pl.UInt32)).filter(pl.col("members") >= ENOUGH)
    habits = baselines.habits.select("number", "what", "word").join(
        known.join(members, on="group", how="semi").select("number", "group"), on="number"
    )
    kin = habits.group_by("group", "what", "word").agg(devices=pl.len().cast(pl.UInt32))
    groups = (
        each.join(members, on="group")
        .join(then.select("device", "model"), on="device")
        .with_columns(others=pl.col("members") - pl.col("number").is_not_null().cast(pl.UInt32))
        .filter(pl.col("others") >= ENOUGH)
        .sort("device", pl.col("group") == pl.col("model"), descending=[False, True])
        .unique("device", keep="first", maintain_order=True)
    )
    return replace(
        baselines,
        groups=groups.select(*GROUPS),
        kin=kin.filter(pl.col("devices") > 1).select(*KIN).sort("group", "what", "word"),
    )


def expected(baselines: Baselines, devices: pl.DataFrame) -> pl.DataFrame:
    """What is to be expected of some devices: their habits, and those of their kin.

    A device's own word weighs as much as its hours, its kin's as much as `KNOWN` hours; both are shares, so
    ``expected`` is ``(hours * own + KNOWN * devices / members) / (hours + KNOWN)``, in thousandths. Without kin that
    is ``own``.

    Args:
        baselines: with their kin.
        devices: a column `device`.

    Returns:
        device, hours, group, members (others), what, word, first, last, begun, days, weight, devices (others that do
        so), expected; sorted by device, what, then the most expected first.
    """
    asked = (
        devices.select("device")
        .join(baselines.learned.select("device", "number", "hours"), on="device", how="left")
        .join(baselines.groups.select("device", "group", "members"), on="device", how="left")
        .with_columns(pl.col("hours").fill_null(0).cast(pl.Int64), pl.col("group").fill_null(""))
        .with_columns(members=pl.col("members").fill_null(0).cast(pl.Int64) - pl.col("number").is_not_null())
        .with_columns(members=pl.when(pl.col("group") == "").then(0).otherwise(pl.max_horizontal("members", 0)))
    )
    own = asked.select("device", "number").join(baselines.habits, on="number").drop("number")
    theirs = asked.select("device", "group").join(baselines.kin, on="group").drop("group")
    rows = own.join(theirs, on=["device", "what", "word"], how="full", coalesce=True)
    mine = pl.col("days").is_not_null()
    others = (pl.col("devices").fill_null(0).cast(pl.Int64) - (mine & pl.col("devices").is_not_null())).clip(0)
    rows = rows.join(asked.drop("number"), on="device").with_columns(devices=others, own=mine.cast(pl.Int64))
    share = 1000 * pl.col("devices") // pl.max_horizontal("members", 1)
    blended = (1000 * pl.col("hours") * pl.col("own") + KNOWN * share) // (pl.col("hours") + KNOWN)
    numbers = ("first", "last", "begun", "days", "weight")
    ranked = ("expected", "weight", "last")
    return (
        rows.with_columns(
            pl.col(numbers).fill_null(0).cast(pl.Int64),
            expected=pl.when(pl.col("members") == 0).then(1000 * pl.col("own")).otherwise(blended),
        )
        .filter((pl.col("own") > 0) | (pl.col("devices") > 0))
        .sort("device", "what", *ranked, "word", descending=[False, False, True, True, True, False])
        .select("device", "hours", "group", "members", "what", "word", *numbers, "devices", "expected")
    )  # fmt: skip


def confidence(hours: int, members: int) -> int:
    """How far a baseline can be relied on, thousandths: with the hours learned, and half as far by its kin alone."""
    own = 1000 * hours // (hours + KNOWN)
    return own + (1000 - own) * members // (2 * (members + ENOUGH))


def common(baselines: Baselines, device: str, key: str, what: int) -> tuple[int, int]:
    """How many others of its kin have a habit, and how many others there are."""
    mine = baselines.groups.filter(pl.col("device") == device)
    if mine.is_empty():
        return 0, 0
    _, number, group, members = mine.row(0)
    words = baselines.words.filter(pl.col("text") == key)["word"]
    if words.is_empty():
        return 0, members - (number is not None)
    word = pl.lit(words[0], pl.UInt64)
    found = baselines.kin.filter((pl.col("group") == group) & (pl.col("what") == what) & (pl.col("word") == word))
    own = baselines.habits.filter(
        (pl.col("number") == number) & (pl.col("what") == what) & (pl.col("word") == word)
    ).height if number is not None else 0  # fmt: skip
    devices = int(found["devices"][0]) if len(found) else 0
    return max(0, devices - own), members - (number is not None)
