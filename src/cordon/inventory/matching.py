"""Which device an entry means, and what is new in it: a file becomes edits, hearsay, and devices nobody saw yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from cordon.inventory.entry import Entry
from cordon.model.device import Device
from cordon.model.edit import DISCOVERED, OWNERS, Edit
from cordon.model.ids import derive
from cordon.store import HEARSAY, Heard, Imported, Store


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a device that an import changes."""

    device: str
    name: str
    field: str
    was: str
    value: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file comes to: counts of its devices, what would be kept, and whom it could not tell apart."""

    known: int
    new: int
    changes: tuple[Change, ...]
    unclear: tuple[str, ...]
    imported: Imported


@dataclass(frozen=True, slots=True)
class Place:
    """Where devices go that nobody saw yet, and under which name what is said of them is kept."""

    site: str
    segment: str
    source: str  # the file and its format
    who: str
    time: int  # µs, by the wall clock


def matched(entries: Sequence[Entry], store: Store | None, place: Place) -> Plan:
    """What would be kept of these entries, in a state as it is; None is a state with nothing in it."""
    answers, segments = _answers(entries, store)
    unclear: list[str] = []
    devices: dict[str, Device] = {}
    meant: list[tuple[str, Entry]] = []
    for entry in entries:
        found = _meant(entry, answers, segments)
        if len(found) > 1:
            unclear.append(f"{entry.name or (*entry.macs, *entry.ips)[0]}: {', '.join(sorted(found))}")
        elif found:
            meant.append((found.pop(), entry))
        elif (device := _device(entry, place)) is not None:
            devices[device.id] = device
            meant.append((device.id, entry))
        else:
            unclear.append(f"{(*entry.ips, *entry.macs, entry.id)[0]}: no device of this network")
    told = store.words(id for id, _ in meant) if store else {}
    names = store.device_names(told) if store else {}
    edits: list[Edit] = []
    heard: list[Heard] = []
    changes: list[Change] = []
    for id, entry in meant:
        said, rumours = told.get(id, ({}, {}))
        for name in (*DISCOVERED, *OWNERS):
            value, is_told = getattr(entry, name), name in entry.told or name in OWNERS
            was = said[name].value if name in said else ""
            if is_told and value and value != was:
                edits.append(Edit(place.site, id, name, value, place.who, place.time, f"from {place.source}"))
                changes.append(Change(id, names.get(id) or entry.name or id, name, was, value))
        for name in HEARSAY:
            value = getattr(entry, name)
            before = rumours.get(name)
            if value and name not in entry.told and (before is None or before.value != value):
                heard.append(Heard(id, name, value, place.source, place.time))
    known = sum(id not in devices for id, _ in meant)
    imported = Imported(tuple(devices.values()), tuple(edits), tuple(heard))
    return Plan(known, len(devices), tuple(changes), tuple(unclear), imported)


def _answers(entries: Iterable[Entry], store: Store | None) -> tuple[Mapping[str, frozenset[str]], Mapping[str, str]]:
    if store is None:
        return {}, {}
    answers = store.answering({value for entry in entries for value in (*entry.macs, *entry.ips)})
    ids = {entry.id for entry in entries if entry.id} | {id for found in answers.values() for id in found}
    return answers, store.segments_of(ids)


def _meant(entry: Entry, answers: Mapping[str, frozenset[str]], segments: Mapping[str, str]) -> set[str]:
    """The devices an entry may mean: by its MAC addresses, else its id, else its addresses."""
    found = {id for mac in entry.macs for id in answers.get(mac, ())}
    if not found and entry.id in segments:
        found = {entry.id}
    if not found and not entry.macs:
        found = {id for ip in entry.ips for id in answers.get(ip, ())}
    here = {id for id in found if segments.get(id) == entry.segment}
    return here or found


def _device(entry: Entry, place: Place) -> Device | None:
    """A device that nobody saw yet; it has the id under which it would be met. None where it can be none of ours."""
    near = tuple(ip for ip in entry.ips if _is_near(ip))
    endpoint = next(iter((*entry.macs, *near)), "")
    if not endpoint:
        return None
    segment = entry.segment or place.segment
    id = derive("device", place.site, segment, endpoint)
    names = tuple(name for name in entry.names if name != entry.name)
    return Device(
        id, place.site, place.time, 0, entry.macs, near if not entry.macs else entry.ips, names, segment=segment
    )


def _is_near(ip: str) -> bool:
    address = ip_address(ip)
    return address.is_private and not (address.is_loopback or address.is_unspecified or address.is_multicast)
