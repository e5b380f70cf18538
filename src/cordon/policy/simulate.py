"""What a profile would have blocked: each flow of the past held against it."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from cordon.model.addresses import is_within
from cordon.model.decision import Allowance, Profile
from cordon.model.device import Device
from cordon.policy.flows import Span, flows_of

ONE_BY_ONE: Final = 8
"""Targets of one protocol and port that are told apart; more are counted."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Flows that would have been blocked, taken together."""

    what: str  # "opens tcp/23 (telnet) to hub"
    direction: str
    proto: str
    port: int
    service: str
    flows: int
    targets: int
    first: int  # µs
    last: int
    suspicious: int  # of the flows: began in a span under suspicion


@dataclass(frozen=True, slots=True)
class Simulation:
    """A profile on the traffic of the past. ``allowed + blocked == flows``."""

    device: str
    flows: int
    allowed: int
    blocked: int
    suspicious: int  # of the blocked
    rows: tuple[Blocked, ...]  # most flows first


def simulate(
    profile: Profile,
    talks: pl.DataFrame | pl.LazyFrame,
    devices: Mapping[str, Device],
    *,
    suspicious: Sequence[Span] = (),
) -> Simulation:
    """Holds every flow of the profile's device in `talks` (rows of `TALKS`) against the profile.

    A flow is judged by what is known of it at its end. Answers belong to the flow they answer.
    """
    flows = judge(profile.allowances, flows_of(talks, profile.device, suspicious))
    blocked = flows.filter(~pl.col("allowed"))
    return Simulation(
        device=profile.device,
        flows=flows.height,
        allowed=flows.height - blocked.height,
        blocked=blocked.height,
        suspicious=int(blocked["suspicious"].sum()),
        rows=_told(blocked, devices),
    )


WAY: Final = ("direction", "proto", "port", "peer_device", "name", "peer")
"""What an allowance can tell apart."""


def judge(allowances: Iterable[Allowance], flows: pl.DataFrame) -> pl.DataFrame:
    """The flows (as of `flows_of`) with a column `allowed`.

    The distinct ways of talking are joined with the allowances; each flow then takes the verdict of its way.
    A port of 0 fits any port, no protocol any protocol, no target any target.
    """
    ways = flows.select(WAY).unique()
    rules = _rules(allowances)
    fits = [
        *(ways.join(_by(rules, kind), on=["direction", kind]) for kind in ("peer_device", "name", "peer")),
        _in_domain(ways, _by(rules, "domain")),
        _in_network(ways, _by(rules, "network")),
        ways.join(_by(rules, ""), on="direction"),
    ]
    proto = (pl.col("rule_proto") == "") | (pl.col("rule_proto") == pl.col("proto"))
    port = (pl.col("rule_port") == 0) | (pl.col("rule_port") == pl.col("port"))
    allowed = pl.concat([fit.filter(proto & port).select(WAY) for fit in fits]).unique()
    allowed = allowed.with_columns(allowed=pl.lit(value=True))
    judged = flows.join(allowed, on=WAY, how="left", maintain_order="left")
    return judged.with_columns(pl.col("allowed").fill_null(value=False))


def _rules(allowances: Iterable[Allowance]) -> pl.DataFrame:
    rows = [(one.direction, one.proto, one.port, *_target(one)) for one in allowances]
    columns = {"direction": pl.String, "rule_proto": pl.String, "rule_port": pl.Int64, "by": pl.String}
    return pl.DataFrame(rows, schema={**columns, "target": pl.String}, orient="row")


def _target(one: Allowance) -> tuple[str, str]:
    """The column by which an allowance names its target, and the target."""
    if one.peer:
        return "peer_device", one.peer
    if one.name:
        return ("domain", one.name[1:]) if one.name.startswith("*.") else ("name", one.name)
    if not one.network:
        return "", ""
    try:
        network = ipaddress.ip_network(one.network, strict=False)
    except ValueError:
        return "peer", one.network
    return ("peer", str(network.network_address)) if network.num_addresses == 1 else ("network", str(network))


def _by(rules: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The rules of that kind, their target named as the column it is compared with."""
    return rules.filter(pl.col("by") == kind).drop("by").rename({"target": kind or "anything"})


def _in_domain(ways: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Names below the domains; the domain itself is not."""
    domains = rules.select("domain").unique()
    names = (
        ways.select("name").unique().join(domains, how="cross").filter(pl.col("name").str.ends_with(pl.col("domain")))
    )
    return ways.join(names, on="name").join(rules, on=["direction", "domain"])


def _in_network(ways: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Addresses within the networks. Only distinct addresses are looked at, and only when a rule names a network."""
    networks = [ipaddress.ip_network(text) for text in rules["network"].unique().sort()]
    peers = ways.select("peer").unique()["peer"].to_list() if networks else []
    inside = [(peer, str(network)) for peer in peers for network in networks if is_within(peer, network)]
    pairs = pl.DataFrame(inside, schema={"peer": pl.String, "network": pl.String}, orient="row")
    return ways.join(pairs, on="peer").join(rules, on=["direction", "network"])


def _told(blocked: pl.DataFrame, devices: Mapping[str, Device]) -> tuple[Blocked, ...]:
    target = (
        pl.when(pl.col("peer_device") != "")
        .then("peer_device")
        .when(pl.col("name") != "")
        .then("name")
        .otherwise("peer")
        .alias("target")
    )
    sort = ["direction", "proto", "port", "scope"]
    told = blocked.with_columns(target).with_columns(pl.col("target").n_unique().over(sort).alias("kinds"))
    told = told.with_columns(pl.when(pl.col("kinds") > ONE_BY_ONE).then(pl.lit("")).otherwise("target").alias("target"))
    grouped = told.group_by(*sort, "target").agg(
        pl.col("service").max(),
        pl.len().alias("flows"),
        pl.col("kinds").first(),
        pl.col("first").min(),
        pl.col("last").max(),
        pl.col("suspicious").sum(),
    )
    rows = grouped.sort(["flows", *sort, "target"], descending=[True, *[False] * 5]).iter_rows(named=True)
    return tuple(_blocked(row, devices) for row in rows)


def _blocked(row: dict[str, Any], devices: Mapping[str, Device]) -> Blocked:
    target = devices[row["target"]].name if row["target"] in devices else row["target"]
    others = target or f"{row['kinds']} different addresses"
    port = f"{row['proto']}/{row['port']}" if row["port"] else row["proto"]
    service = f" ({row['service']})" if row["service"] else ""
    what = (
        f"opens {port}{service} to {others}" if row["direction"] == "out" else f"is opened {port}{service} by {others}"
    )
    return Blocked(
        what=what,
        direction=row["direction"],
        proto=row["proto"],
        port=row["port"],
        service=row["service"],
        flows=row["flows"],
        targets=1 if row["target"] else row["kinds"],
        first=row["first"],
        last=row["last"],
        suspicious=row["suspicious"],
    )
