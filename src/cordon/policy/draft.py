"""A draft of least privilege: what a device was seen doing, less what it was seen doing wrong."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import polars as pl

from cordon.model.decision import Allowance, Profile
from cordon.model.device import Device
from cordon.model.tables import DAY
from cordon.policy.flows import Span, flows_of
from cordon.policy.names import generalised, is_address

EPHEMERAL: Final = 32_768
"""Ports from here on are taken at will (Linux's default range; IANA's begins at 49152)."""

MANY: Final = 3
"""Different ephemeral ports at one target from which on any port is meant."""

MANY_ADDRESSES: Final = 16
"""Addresses without a name, on one port, from which on the address is taken not to matter."""

Target = tuple[str, str, str]
"""Peer, name, network: at most one is set."""


def draft(
    device: Device,
    talks: pl.DataFrame | pl.LazyFrame,
    devices: Mapping[str, Device],
    *,
    exclude: Sequence[Span] = (),
    attackers: Collection[str] = (),
) -> Profile:
    """The profile that would have let `device` do what it did.

    Args:
        device: whose profile it is.
        talks: rows of `TALKS`, of any devices, over as long as is known.
        devices: all devices of the site, by id.
        exclude: spans under suspicion; what was seen in them alone is left out.
        attackers: devices (ids) and addresses nobody should learn to like.

    Returns:
        A profile that is not confirmed. What is left out says why. The same input gives the same profile.
    """
    flows = flows_of(talks, device.id, exclude)
    times = flows.select(pl.col("first").min(), until=pl.col("last").max()).row(0)
    allowed, left_out = [], []
    for allowance, why in sorted(_judged(flows, devices, attackers), key=lambda pair: _order(pair[0])):
        if why:
            left_out.append(replace(allowance, why=f"{why}; {allowance.why}"))
        else:
            allowed.append(allowance)
    return Profile(
        device=device.id,
        site=device.site,
        time=times[1] or 0,
        allowances=tuple(allowed),
        left_out=tuple(left_out),
        learned_from=times[0] or 0,
        learned_until=times[1] or 0,
    )


def _judged(
    flows: pl.DataFrame, devices: Mapping[str, Device], attackers: Collection[str]
) -> list[tuple[Allowance, str]]:
    resolver = _resolver(flows, devices)
    rows = generalise(flows)
    grouped = rows.group_by("direction", "target_peer", "target_name", "target_network", "proto", "port").agg(
        pl.col("service").max(),
        pl.len().alias("flows"),
        (pl.col("first") // DAY).n_unique().alias("days"),
        pl.col("last").max(),
        pl.col("failed").all(),
        pl.col("suspicious").all(),
        (~(pl.col("failed") | pl.col("suspicious"))).sum().alias("good"),
        (pl.col("peer_device").is_in(list(attackers)) | pl.col("peer").is_in(list(attackers))).any().alias("attacker"),
        (pl.col("peer_device").is_in([resolver]) | pl.col("peer").is_in([resolver])).any().alias("resolver"),
    )
    return [_allowance(row) for row in grouped.iter_rows(named=True)]


def _allowance(row: dict[str, object]) -> tuple[Allowance, str]:
    """An allowance of one group, and why it is left out ("" if it is not)."""
    essential = row["direction"] == "out" and (
        row["service"] in ("dhcp", "ntp")
        or (row["proto"] == "udp" and row["port"] in (67, 123, 547))
        or (bool(row["resolver"]) and row["port"] in (53, 853))
    )
    once = row["good"] == 1 and row["flows"] == 1 and not essential
    why = (
        "left out: its peer attacked others"
        if row["attacker"]
        else "left out: never answered"
        if row["failed"]
        else "left out: only seen while it was under suspicion"
        if row["suspicious"] or row["good"] == 0
        else "left out: seen only once"
        if once
        else ""
    )
    times = "once" if row["flows"] == 1 else f"{row['flows']} times"
    days = "1 day" if row["days"] == 1 else f"{row['days']} days"
    return (
        Allowance(
            direction=str(row["direction"]),
            proto=str(row["proto"]),
            port=_number(row["port"]),
            service=str(row["service"]),
            peer=str(row["target_peer"]),
            name=str(row["target_name"]),
            network=str(row["target_network"]),
            essential=bool(essential),
            why=f"seen {times} on {days}, last {clock(_number(row['last']))}",
        ),
        why,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def clock(time: int) -> str:
    """A time (µs) as people read it, in UTC."""
    return datetime.fromtimestamp(time // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _order(allowance: Allowance) -> tuple[object, ...]:
    target = (allowance.peer, allowance.name, allowance.network)
    return (not allowance.essential, allowance.direction == "in", allowance.proto, allowance.port, target)


def _resolver(flows: pl.DataFrame, devices: Mapping[str, Device]) -> str:
    """Whom the device asks for names: the gateway if it does, else whom it asks most; a device id or an address."""
    asked = flows.filter((pl.col("direction") == "out") & pl.col("port").is_in([53, 853]) & ~pl.col("failed"))
    if asked.is_empty():
        return ""
    whom = pl.when(pl.col("peer_device") != "").then("peer_device").otherwise("peer").alias("whom")
    ranked = asked.group_by(whom).len().sort(["len", "whom"], descending=[True, False])["whom"].to_list()
    return next((one for one in ranked if one in devices and devices[one].is_gateway), str(ranked[0]))


def generalise(flows: pl.DataFrame) -> pl.DataFrame:
    """The flows with ``target_peer, target_name, target_network`` and the port as an allowance would say them."""
    named = (pl.col("peer_device") == "") & (pl.col("name") != "") & ~_group_scope()
    stands = _names(flows.filter(named))
    flows = flows.join(stands, on=["direction", "proto", "port", "name"], how="left", maintain_order="left")
    is_named = pl.col("pattern").is_not_null() & named
    by_address = (pl.col("peer_device") == "") & ~is_named
    flows = flows.with_columns(
        pl.when(_group_scope()).then(pl.lit("")).otherwise("peer_device").alias("target_peer"),
        pl.when(is_named).then("pattern").otherwise(pl.lit("")).alias("target_name"),
        pl.when(by_address | _group_scope()).then(_host()).otherwise(pl.lit("")).alias("target_network"),
    ).drop("pattern")
    return _any_port(_any_address(flows))


def _group_scope() -> pl.Expr:
    return pl.col("scope").is_in(["multicast", "broadcast"])


def _host() -> pl.Expr:
    return pl.col("peer") + pl.when(pl.col("peer").str.contains(":", literal=True)).then(pl.lit("/128")).otherwise(
        pl.lit("/32")
    )


def _names(flows: pl.DataFrame) -> pl.DataFrame:
    """What stands for each name, by direction, protocol and port; an address in place of a name has nothing."""
    by_port: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for direction, proto, port, name in flows.select("direction", "proto", "port", "name").unique().iter_rows():
        if not is_address(name):
            by_port[direction, proto, port].append(name)
    rows = [(*key, name, pattern) for key, names in by_port.items() for name, pattern in generalised(names).items()]
    schema = {"direction": pl.String, "proto": pl.String, "port": pl.Int64, "name": pl.String, "pattern": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _any_address(flows: pl.DataFrame) -> pl.DataFrame:
    """Many addresses of the internet on one port that answered: anybody there is meant."""
    free = (
        (pl.col("scope") == "internet") & (pl.col("target_network") != "") & ~pl.col("failed") & ~pl.col("suspicious")
    )
    count = pl.col("target_network").filter(free).n_unique().over("direction", "proto", "port")
    return flows.with_columns(
        pl.when(free & (count >= MANY_ADDRESSES)).then(pl.lit("")).otherwise("target_network").alias("target_network")
    )


def _any_port(flows: pl.DataFrame) -> pl.DataFrame:
    """Several ephemeral ports at one target: the port was agreed upon elsewhere and will be another next time."""
    target = ["direction", "proto", "target_peer", "target_name", "target_network"]
    free = (pl.col("port") >= EPHEMERAL) & ~pl.col("failed")
    count = pl.col("port").filter(free).n_unique().over(target)
    return flows.with_columns(pl.when(free & (count >= MANY)).then(0).otherwise("port").alias("port"))
