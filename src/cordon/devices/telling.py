"""What is told of a device when a step ends: the fact, its digest, and what is new or has changed in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2s
from typing import Final

from cordon.devices.claims import merged_claims, merged_names
from cordon.devices.fingerprint import ATTRIBUTES
from cordon.devices.fuse import fuse
from cordon.devices.oui import is_device_mac
from cordon.devices.silences import usual
from cordon.devices.state import Known, Told
from cordon.model.device import Device, DeviceEvent, Evidence, Turn
from cordon.model.tables import HOUR

MOST_IPS: Final = 16  # addresses a fact shows
SURE: Final = 700  # an answer believed so far that gives way to another is a change of the device
SETTLED_IN: Final = HOUR  # a device known for so long changes; before, more of it becomes known


def fact_of(
    first: Known,
    site: str,
    time: int,
    parts: Sequence[Known],
    ips: Sequence[str],
    *,
    kind: str,
    joined: tuple[Evidence, ...],
    pauses: Iterable[tuple[int, ...]],
) -> Device:
    """The fact of the device that `parts` are, the first met of which is `first`.

    `kind` is what a person says it is, or empty. Without parts (all went to another device) nothing is known of it.
    """
    endpoints = [part.place.rpartition("|")[2] for part in parts]
    addresses = [*ips, *(endpoint for endpoint in endpoints if not is_device_mac(endpoint) and endpoint not in ips)]
    claims = merged_claims(parts) if parts else {}
    said = {attribute: fuse(claims.get(attribute, ())) for attribute in ATTRIBUTES}
    if kind and parts:
        word = Evidence("person", kind, kind, 1000, "person", 0)
        said["kind"] = replace(said["kind"], value=kind, confidence=1000, evidence=(word, *said["kind"].evidence))
    return Device(
        id=first.id,
        site=site,
        time=time,
        first_seen=first.first_seen,
        macs=tuple(endpoint for endpoint in endpoints if is_device_mac(endpoint)),
        ips=tuple(addresses[:MOST_IPS]),
        names=tuple(dict.fromkeys(name.text for name in merged_names(parts))) if parts else (),
        is_gateway=any(part.is_gateway for part in parts),
        segment=first.segment,
        joined=joined,
        silence=usual(pauses),
        **said,
    )


def told(fact: Device) -> Told:
    """What is kept of a fact, to know the next one for the same or a changed one."""
    answers = {name: (said.value, said.confidence) for name in ATTRIBUTES if (said := getattr(fact, name)).value}
    digest = blake2s(repr(replace(fact, time=0)).encode(), digest_size=8).hexdigest()
    return Told(digest, answers, len(fact.macs))


def turns(before: Told | None, fact: Device) -> Iterator[DeviceEvent]:
    """What is new since `before`: the device itself, or answers that were believed and gave way to others."""
    if before is None:
        yield DeviceEvent(fact.site, fact.id, fact.time, Turn.NEW)
        return
    if fact.time - fact.first_seen < SETTLED_IN or len(fact.macs) != before.macs:
        return
    for name, (was, sure) in before.answers.items():
        now = getattr(fact, name)
        if now.value and was != now.value and min(sure, now.confidence) >= SURE:
            yield DeviceEvent(fact.site, fact.id, fact.time, Turn.CHANGED, name, was, now.value)
