"""Whose a row is: joins traffic rows to the devices that their endpoints were at the time."""

import polars as pl

from cordon.detect.state import BINDINGS, DEVICES
from cordon.model.device import Binding, Device
from cordon.model.tables import STEP


def fold_bindings(known: pl.DataFrame, new: tuple[Binding, ...]) -> pl.DataFrame:
    """The bindings with newer ones in the place of older ones of the same endpoint, device and begin."""
    if not new:
        return known
    rows = [(one.segment, one.endpoint, one.device, one.begin, one.end) for one in new]
    fresh = pl.DataFrame(rows, schema=BINDINGS, orient="row")
    keys = ["segment", "endpoint", "begin"]
    return pl.concat([known, fresh]).unique(keys, keep="last", maintain_order=True).sort(*keys)


def fold_devices(known: pl.DataFrame, new: tuple[Device, ...]) -> pl.DataFrame:
    """The versions of devices with new ones added."""
    if not new:
        return known
    rows = [(one.id, one.time, one.name, one.kind.value, one.is_gateway, list(one.ips)) for one in new]
    fresh = pl.DataFrame(rows, schema=DEVICES, orient="row")
    keys = ["device", "time"]
    return pl.concat([known, fresh]).unique(keys, keep="last", maintain_order=True).sort(*keys)


def owner(rows: pl.DataFrame, bindings: pl.DataFrame, *, mac: str, ip: str, into: str) -> pl.DataFrame:
    """Adds `into`: the device whose MAC (or, behind a router, whose address) stands on the row; "" when nobody's.

    A binding holds for the whole step in which it began, so that it does not matter which row told of it.
    """
    if rows.is_empty():
        return rows.with_columns(pl.lit("").alias(into))
    by_mac = _bound(rows, bindings, mac)
    if bindings.is_empty() or not bindings["endpoint"].str.contains(":", literal=True).not_().any():
        return rows.with_columns(by_mac.alias(into))
    by_ip = _bound(rows, bindings, ip)
    return rows.with_columns(pl.select(pl.when(by_ip != "").then(by_ip).otherwise(by_mac)).to_series().alias(into))


def _bound(rows: pl.DataFrame, bindings: pl.DataFrame, endpoint: str) -> pl.Series:
    asked = rows.select("segment", pl.col(endpoint).alias("endpoint"), "step")
    if not bindings.select("segment", "endpoint").is_duplicated().any():
        held = (pl.col("begin") < pl.col("step") + STEP) & ((pl.col("end") == 0) | (pl.col("end") > pl.col("step")))
        joined = asked.join(bindings, on=["segment", "endpoint"], how="left", maintain_order="left")
        return joined.select(pl.when(held).then("device").otherwise(pl.lit(""))).to_series()
    pairs = asked.unique().with_columns(at=pl.col("step") + STEP - 1).sort("at")
    found = pairs.join_asof(
        bindings.sort("begin"),
        left_on="at",
        right_on="begin",
        by=["segment", "endpoint"],
        check_sortedness=False,
    )
    held = (pl.col("end").fill_null(0) == 0) | (pl.col("end") > pl.col("step"))
    found = found.with_columns(device=pl.when(held).then(pl.col("device").fill_null("")).otherwise(pl.lit("")))
    looked = asked.join(
        found.select("segment", "endpoint", "step", "device"),
        on=["segment", "endpoint", "step"],
        how="left",
        maintain_order="left",
    )
    return looked["device"].fill_null("")


def versions(rows: pl.DataFrame, devices: pl.DataFrame, column: str) -> pl.DataFrame:
    """`is_gateway` and `ips` of the device in `column` as they were known at the end of the row's step, row by row."""
    asked = rows.select(pl.col(column).alias("device"), "step")
    pairs = asked.unique().with_columns(at=pl.col("step") + STEP - 1).sort("at")
    found = pairs.join_asof(
        devices.select("device", "time", "is_gateway", "ips").sort("time"),
        left_on="at",
        right_on="time",
        by="device",
        check_sortedness=False,
    )
    return asked.join(
        found.select("device", "step", "is_gateway", "ips"), on=["device", "step"], how="left", maintain_order="left"
    ).select(pl.col("is_gateway").fill_null(False), pl.col("ips").fill_null([]))


def without_remote(rows: pl.DataFrame, devices: pl.DataFrame, column: str, address: str) -> pl.DataFrame:
    """Clears `column` where the device is a gateway that only hands on frames of `address`."""
    if rows.is_empty() or devices.is_empty() or not devices["is_gateway"].any():
        return rows
    version = versions(rows, devices, column)
    own = rows.select(own=pl.col(address)).hstack(version)
    keep = own.select(
        ~pl.col("is_gateway")
        | pl.col("ips").list.contains(pl.col("own"))
        | pl.col("own").is_in(["", "0.0.0.0", "::"])  # noqa: S104  # an address on the wire, nothing is bound
        | pl.col("own").str.starts_with("fe80:")
    ).to_series()
    return rows.with_columns(pl.when(keep).then(pl.col(column)).otherwise(pl.lit("")).alias(column))
