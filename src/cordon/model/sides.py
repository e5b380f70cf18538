"""Whose a row is: joins traffic rows to the devices that their endpoints were at the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.model.device import Binding, Device
from cordon.model.memo import remembered
from cordon.model.tables import HOUR, STEP, Schema

BINDINGS: Final[Schema] = {
    "segment": pl.String,
    "endpoint": pl.String,
    "device": pl.String,
    "begin": pl.Int64,
    "end": pl.Int64,
}

DEVICES: Final[Schema] = {
    "device": pl.String,
    "time": pl.Int64,
    "name": pl.String,
    "kind": pl.String,
    "is_gateway": pl.Boolean,
    "ips": pl.List(pl.String),
}
"""Every version of a device within the hour, and the last one before."""

PRIVATE: Final = (
    r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|127\.|0\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)"
    r"|^fe[89ab][0-9a-f]:|^f[cd][0-9a-f]{2}:|^::1?$|^$"
)
"""Not globally reachable: RFC 6890 (private, link-local, loopback, shared) and its IPv6 counterparts."""

_NEVER: Final = 1 << 62


def fold_bindings(known: pl.DataFrame, new: tuple[Binding, ...]) -> pl.DataFrame:
    """The bindings with newer ones in the place of older ones of the same endpoint, device and begin."""
    if not new:
        return known
    rows = [(one.segment, one.endpoint, one.device, one.begin, one.end) for one in new]
    fresh = pl.DataFrame(rows, schema=BINDINGS, orient="row")
    keys = ["segment", "endpoint", "begin"]
    return pl.concat([known, fresh]).unique(keys, keep="last", maintain_order=True).sort(*keys)


def at_hour(bindings: pl.DataFrame, devices: pl.DataFrame, hour: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both without what ended long before the hour that begins at `hour` (µs)."""
    past = devices.filter(pl.col("time") < hour).group_by("device", maintain_order=True).last()
    versions = pl.concat([past.select(devices.columns), devices.filter(pl.col("time") >= hour)])
    held = bindings.filter((pl.col("end") == 0) | (pl.col("end") > hour - HOUR))
    return held, versions.sort("device", "time")


def fold_devices(known: pl.DataFrame, new: tuple[Device, ...]) -> pl.DataFrame:
    """The versions of devices with new ones added."""
    if not new:
        return known
    rows = [(one.id, one.time, one.name, one.kind.value, one.is_gateway, list(one.ips)) for one in new]
    fresh = pl.DataFrame(rows, schema=DEVICES, orient="row")
    keys = ["device", "time"]
    return pl.concat([known, fresh]).unique(keys, keep="last", maintain_order=True).sort(*keys)


@dataclass(frozen=True, slots=True)
class End:
    """The columns in which one end of a row stands: its MAC address, and its IP address where the table has one."""

    mac: str
    ip: str = ""


def owner(rows: pl.DataFrame, bindings: pl.DataFrame, *, mac: str, ip: str = "", into: str) -> pl.DataFrame:
    """Adds `into`: the device whose MAC (or, behind a router, whose address) stands on the row; "" when nobody's.

    A binding holds for the whole step in which it began, so that it does not matter which row told of it.
    """
    if rows.is_empty():
        return rows.with_columns(pl.lit("").alias(into))
    return rows.hstack([_owners(_asked(rows, End(mac, ip)), bindings, bool(ip)).alias(into)])


def owners(rows: pl.DataFrame, bindings: pl.DataFrame, devices: pl.DataFrame, ends: Mapping[str, End]) -> pl.DataFrame:
    """Adds a column for each of `ends`: its device as in `owner`, but "" too where that device is a gateway that
    only hands on frames of the address."""
    if rows.is_empty():
        return rows.with_columns(pl.lit("").alias(into) for into in ends)
    asked = pl.concat([_asked(rows, end) for end in ends.values()])
    whose = _owners(asked, bindings, by_ip=True).alias("device")
    remote = _remote(devices)
    if remote is not None:
        whose = (
            asked.hstack([whose])
            .select(pl.when(remote).then(pl.lit("")).otherwise("device").alias("device"))
            .to_series()
        )
    count = rows.height
    return rows.hstack([whose.slice(at * count, count).alias(into) for at, into in enumerate(ends)])


def _asked(rows: pl.DataFrame, end: End) -> pl.DataFrame:
    return rows.select("segment", "step", pl.col(end.mac).alias("mac"), pl.col(end.ip or end.mac).alias("ip"))


def _owners(asked: pl.DataFrame, bindings: pl.DataFrame, by_ip: bool) -> pl.Series:
    by_mac = _bound(asked, bindings, "mac")
    if not by_ip or not _any_by_ip(bindings):
        return by_mac
    at_ip = _bound(asked, bindings, "ip")
    return pl.select(pl.when(at_ip != "").then(at_ip).otherwise(by_mac)).to_series()


@remembered
def _any_by_ip(bindings: pl.DataFrame) -> bool:
    return bool(bindings["endpoint"].str.contains(":", literal=True).not_().any())


@remembered
def _only_once(bindings: pl.DataFrame) -> bool:
    """Whether no endpoint was bound more than once."""
    return not bindings.select("segment", "endpoint").is_duplicated().any()


def _bound(asked: pl.DataFrame, bindings: pl.DataFrame, endpoint: str) -> pl.Series:
    if _only_once(bindings):
        held = (pl.col("begin") < pl.col("step") + STEP) & ((pl.col("end") == 0) | (pl.col("end") > pl.col("step")))
        joined = asked.join(
            bindings,
            left_on=["segment", endpoint],
            right_on=["segment", "endpoint"],
            how="left",
            maintain_order="left",
        )
        return joined.select(pl.when(held).then("device").otherwise(pl.lit(""))).to_series()
    asked = asked.select("segment", pl.col(endpoint).alias("endpoint"), "step")
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


def _gateways(devices: pl.DataFrame) -> tuple[tuple[str, int, int, tuple[str, ...]], ...]:
    """Who was known as a gateway, from when until before when (µs), and with which addresses of its own."""
    found: list[tuple[str, int, int, tuple[str, ...]]] = []
    versions = devices.select("device", "time", "is_gateway", "ips").sort("device", "time").rows()
    for at, (device, time, is_gateway, ips) in enumerate(versions):
        follows = at + 1 < len(versions) and versions[at + 1][0] == device
        until = versions[at + 1][1] if follows else _NEVER
        before = found[-1] if found else None
        if is_gateway and before and before[0] == device and before[2] == time and before[3] == tuple(ips):
            found[-1] = (device, before[1], until, before[3])
        elif is_gateway:
            found.append((device, time, until, tuple(ips)))
    return tuple(found)


@remembered
def _remote(devices: pl.DataFrame) -> pl.Expr | None:
    """Whether the device of the row was, at the end of the row's step, a gateway, and the address is not its own."""
    handed_on = None
    for device, since, until, ips in _gateways(devices):
        then = (pl.col("step") > since - STEP) & (pl.col("step") <= until - STEP)
        mine = (pl.col("device") == device) & then & ~pl.col("ip").is_in(ips)
        handed_on = mine if handed_on is None else handed_on | mine
    if handed_on is None:
        return None
    nobody = pl.col("ip").is_in(["", "0.0.0.0", "::"])  # noqa: S104  # an address on the wire, nothing is bound
    return handed_on & ~nobody & ~pl.col("ip").str.starts_with("fe80:")
