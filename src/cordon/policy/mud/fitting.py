"""Holds what a device did against its usage description: what goes beyond it, and what it never used."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon.model.addresses import is_within
from cordon.model.device import Device
from cordon.policy.flows import PROTOCOLS
from cordon.policy.mud.statement import DNS, GATEWAY, NTP, Mud, Statement

ANSWERED_BY: Final = {DNS: (53, 853), NTP: (123,)}
"""Ports of the controllers that RFC 8520 names as a class: whoever answers there is one."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A kind of talk that no statement covers."""

    direction: str
    whom: str  # device id, name or address
    proto: str
    port: int
    flows: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a device's flows fit a description."""

    flows: int
    fitting: int
    beyond: tuple[Beyond, ...]  # most often first
    unused: tuple[Statement, ...]


def compare(mud: Mud, flows: pl.DataFrame, device: Device, devices: Mapping[str, Device]) -> Comparison:
    """The flows of `device` (see `policy.flows`) against the description.

    A flow is judged by who opened it and at which port it was answered: what comes back on it belongs to it. Names are
    those that the device itself asked for.
    """
    marks = [f"statement {at}" for at in range(len(mud.statements))]
    marked = flows.with_columns(
        _fits(one, flows["peer"], device, devices).alias(mark) for one, mark in zip(mud.statements, marks, strict=True)
    )
    accepted = pl.lit(value=False)
    for one, mark in reversed(list(zip(mud.statements, marks, strict=True))):  # the first that fits counts
        accepted = pl.when(mark).then(pl.lit(one.accepts)).otherwise(accepted)
    ok = marked.with_columns(ok=accepted)
    whom = pl.when(pl.col("peer_device") != "").then("peer_device").when(pl.col("name") != "").then("name")
    rest = (
        ok.filter(~pl.col("ok"))
        .group_by("direction", whom.otherwise("peer").alias("whom"), "proto", "port")
        .agg(pl.len().alias("flows"), pl.col("first").min(), pl.col("last").max())
        .sort(["flows", "direction", "whom", "proto", "port"], descending=[True, False, False, False, False])
    )
    beyond = tuple(Beyond(*row) for row in rest.iter_rows())
    unused = tuple(
        one for one, mark in zip(mud.statements, marks, strict=True) if one.accepts and not marked[mark].any()
    )
    return Comparison(len(flows), int(ok["ok"].sum()), beyond, unused)


def _fits(one: Statement, peers: pl.Series, device: Device, devices: Mapping[str, Device]) -> pl.Expr:
    """Whether a flow that is opened so is what the statement speaks of."""
    port = pl.col("port")
    if one.outgoing:
        low, high = one.peer_ports
        fits = (pl.col("direction") == "out") & pl.lit(one.opened != "to-device")
    else:
        low, high = one.own_ports
        fits = (pl.col("direction") == "in") & pl.lit(one.opened != "from-device")
    if one.protocol >= 0:
        fits &= pl.col("proto") == PROTOCOLS.get(one.protocol, str(one.protocol))
    if one.protocol in (6, 17):
        fits &= port.is_between(low, high)
    if one.host:
        fits &= pl.col("name").str.to_lowercase() == one.host
    if one.peer_network:
        meant = ipaddress.ip_network(one.peer_network)
        fits &= pl.col("peer").is_in([peer for peer in peers.unique() if is_within(peer, meant)])
    if one.family == "ethernet" and not one.abstraction and not one.peer_network:
        fits &= pl.lit(value=False)  # frames without IP make no flows
    return fits & _whom(one, device, devices)


def _whom(one: Statement, device: Device, devices: Mapping[str, Device]) -> pl.Expr:
    local = pl.col("scope") != "internet"
    if one.abstraction == "local-networks":
        return local
    if one.abstraction == "controller" and one.value in ANSWERED_BY:
        return pl.col("port").is_in(ANSWERED_BY[one.value])
    if one.abstraction == "controller" and one.value == GATEWAY:
        # What it asks of everybody for want of an address of its own is meant for the gateway.
        gateways = [id for id, other in devices.items() if other.is_gateway]
        return pl.col("peer_device").is_in(gateways) | (pl.col("scope") == "broadcast")
    if one.abstraction == "same-manufacturer":
        vendor = device.vendor.value
        same = [id for id, other in devices.items() if vendor and other.vendor.value == vendor]
        return pl.col("peer_device").is_in(same)
    if one.abstraction:  # a controller, maker or model that only the owner could name
        return pl.lit(value=False)
    return pl.lit(value=True)
