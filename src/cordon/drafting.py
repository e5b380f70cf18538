"""A device's draft policy, from what the record and the history know of it."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cordon import policy
from cordon.model.decision import Profile
from cordon.model.device import Device
from cordon.model.finding import Severity
from cordon.model.trust import Band
from cordon.policy import mud
from cordon.store import FindingQuery, Store

EVER: Final = 1 << 62
"""Later than any event, µs."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft, what it would have blocked, and by id the devices that it speaks of."""

    profile: Profile
    simulation: policy.Simulation
    devices: dict[str, Device]


def draft(store: Store, device: Device) -> Draft:
    """Learns from the recorded talks; what was seen under suspicion, or with an attacker, is left out."""
    talks = store.history("talks")
    peers = talks.filter(pl.col("device") == device.id).select(pl.col("peer_device").unique()).collect()
    devices = store.those({device.id, *peers["peer_device"]})
    spans = suspicious(store, device.id)
    attackers = store.attackers()
    profile = policy.draft(device, talks, devices, exclude=spans, attackers=attackers - {device.id})
    return Draft(profile, policy.simulate(profile, talks, devices, suspicious=spans), devices)


def compared(store: Store, device: Device, usage: mud.Mud) -> tuple[mud.Comparison, dict[str, Device]]:
    """The recorded flows of a device against a usage description, and by id the devices that it talked with."""
    talks = store.history("talks").filter(pl.col("device") == device.id)
    peers = talks.select(pl.col("peer_device").unique()).collect()
    devices = store.those({device.id, *peers["peer_device"]})
    return mud.compare(usage, policy.flows_of(talks, device.id), device, devices), devices


def suspicious(store: Store, device: str) -> tuple[tuple[int, int], ...]:
    """When a device was under suspicion, in order: while a finding of weight came about, and below *normal*."""
    found = store.findings(FindingQuery(device=device, at_least=Severity.MEDIUM, limit=None)).items
    spans = [(finding.began, finding.noticed + 1) for finding in found]
    history = store.trust_history(device)
    for trust, later in zip(history, [*(trust.time for trust in history[1:]), EVER], strict=False):
        if trust.band != Band.NORMAL:
            spans.append((trust.time, later))
    return tuple(sorted(spans))
