"""A draft of least privilege: what a device was seen doing, less what it was seen doing wrong."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from cordon.model.addresses import is_address
from cordon.model.decision import Allowance, Profile
from cordon.model.device import Device
from cordon.model.tables import DAY, HOUR
from cordon.policy.flows import Span, flows_of
from cordon.policy.names import generalised


@dataclass(frozen=True, slots=True)
class Limits:
    """When many become any."""

    scopes: tuple[str, ...]  # where addresses may become "anybody"
    addresses: int  # so many without a name, on one port
    port: int  # ports from here on may become "any port"
    ports: int  # so many at one target


NARROW: Final = Limits(scopes=("internet",), addresses=16, port=32_768, ports=3)
"""For what is allowed. Ports from 32768 on are taken at will (Linux's default range; IANA's begins at 49152)."""

WIDE: Final = Limits(scopes=("internet", "local"), addresses=16, port=1, ports=16)
"""For what is left out, where a scan is one line."""

GROUP: Final = ("direction", "target_peer", "target_name", "target_network", "proto", "port")
"""What makes an allowance."""


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
    """Allowances, each with why it is left out ("" if it is not).

    What is bad (never answered, under suspicion, an attacker's) is taken together apart from what is good, so that
    it widens nothing; where both come to the same, the bad is not worth a word.
    """
    resolver = _resolver(flows, devices)
    by_attacker = pl.col("peer_device").is_in(list(attackers)) | pl.col("peer").is_in(list(attackers))
    to_resolver = (pl.col("peer_device") == resolver) | (pl.col("peer") == resolver)
    flows = flows.with_columns(by_attacker.alias("attacker"), to_resolver.alias("resolver"))
    is_bad = pl.col("failed") | pl.col("suspicious") | pl.col("attacker")
    good = _grouped(generalise(flows.filter(~is_bad), NARROW))
    bad = _grouped(generalise(flows.filter(is_bad), WIDE)).join(good, on=GROUP, how="anti")
    return [_allowance(row) for row in pl.concat([good, bad]).iter_rows(named=True)]


def _grouped(flows: pl.DataFrame) -> pl.DataFrame:
    return flows.group_by(GROUP).agg(
        pl.col("service").max(),
        pl.len().alias("flows"),
        (pl.col("first") // DAY).n_unique().alias("days"),
        pl.col("last").max(),
        (pl.col("last") - pl.col("first")).max().alias("longest"),
        pl.col("failed").all(),
        pl.col("suspicious").any(),
        pl.col("attacker").any(),
        pl.col("resolver").any(),
    )


def _allowance(row: dict[str, Any]) -> tuple[Allowance, str]:
    times = "once" if row["flows"] == 1 else f"{row['flows']} times"
    days = "1 day" if row["days"] == 1 else f"{row['days']} days"
    allowance = Allowance(
        direction=row["direction"],
        proto=row["proto"],
        port=row["port"],
        service=row["service"],
        peer=row["target_peer"],
        name=row["target_name"],
        network=row["target_network"],
        essential=_is_essential(row),
        why=f"seen {times} on {days}, last {clock(row['last'])}",
    )
    return allowance, _left_out(row, essential=allowance.essential)


def _is_essential(row: dict[str, Any]) -> bool:
    """An address lease, names from the resolver, and the time: what a device cannot start without."""
    if row["direction"] != "out":
        return False
    if row["service"] in ("dhcp", "ntp") or (row["proto"] == "udp" and row["port"] in (67, 123, 547)):
        return True
    return bool(row["resolver"]) and row["port"] in (53, 853)


def _left_out(row: dict[str, Any], *, essential: bool) -> str:
    if row["attacker"]:
        return "left out: its peer attacked others"
    if row["failed"]:
        return "left out: never answered"
    if row["suspicious"]:
        return "left out: only seen while it was under suspicion"
    # One long connection is a habit too: many devices keep theirs for days.
    if row["flows"] == 1 and row["longest"] < HOUR and not essential:
        return "left out: seen only once"
    return ""


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


def generalise(flows: pl.DataFrame, limits: Limits) -> pl.DataFrame:
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
    return _any_port(_any_address(flows, limits), limits)


def _group_scope() -> pl.Expr:
    return pl.col("scope").is_in(["multicast", "broadcast"])


def _host() -> pl.Expr:
    """The peer as a network of one address; what is no address (a MAC, damage) as it is."""
    peer = pl.col("peer")
    is_v6 = peer.str.contains(":", literal=True) & ~peer.str.contains(r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$")
    is_v4 = peer.str.contains(r"^\d+\.\d+\.\d+\.\d+$")
    return peer + pl.when(is_v6).then(pl.lit("/128")).when(is_v4).then(pl.lit("/32")).otherwise(pl.lit(""))


def _names(flows: pl.DataFrame) -> pl.DataFrame:
    """What stands for each name, by direction, protocol and port; an address in place of a name has nothing."""
    by_port: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for direction, proto, port, name in flows.select("direction", "proto", "port", "name").unique().iter_rows():
        if not is_address(name):
            by_port[direction, proto, port].append(name)
    rows = [(*key, name, pattern) for key, names in by_port.items() for name, pattern in generalised(names).items()]
    schema = {"direction": pl.String, "proto": pl.String, "port": pl.Int64, "name": pl.String, "pattern": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _any_address(flows: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Many addresses without a name on one port: anybody is meant."""
    free = pl.col("scope").is_in(limits.scopes) & (pl.col("target_network") != "")
    count = pl.col("target_network").filter(free).n_unique().over("direction", "proto", "port")
    target = pl.when(free & (count >= limits.addresses)).then(pl.lit("")).otherwise("target_network")
    return flows.with_columns(target.alias("target_network"))


def _any_port(flows: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Several high ports at one target: the port was agreed upon elsewhere and will be another next time."""
    free = pl.col("port") >= limits.port
    count = pl.col("port").filter(free).n_unique().over([column for column in GROUP if column != "port"])
    return flows.with_columns(pl.when(free & (count >= limits.ports)).then(0).otherwise("port").alias("port"))
