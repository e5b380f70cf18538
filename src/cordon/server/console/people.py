"""What a page shows of what people said of a device, and are asked about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cordon.model.edit import APART, DISCOVERED, SAME_AS, Edit
from cordon.model.kinds import KINDS
from cordon.store import DeviceView, Store

FIELDS: Final[Mapping[str, str]] = {
    "name": "Name", "kind": "Kind", "vendor": "Vendor", "model": "Model", "os": "System", "firmware": "Firmware",
    "location": "Location", "owner": "Owner", "purpose": "What it is for", "zone": "Zone", "tags": "Tags",
    "criticality": "How much depends on it", "notes": "Notes",
}  # fmt: skip
DEPENDS: Final[Mapping[str, str]] = {
    "1": "1: hardly anything",
    "2": "2: little",
    "3": "3: work would suffer",
    "4": "4: much",
    "5": "5: people, or the plant",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: what people say, and what was discovered."""

    id: str
    label: str
    said: str
    found: str


def fields_of(view: DeviceView, given: Mapping[str, str] | None = None) -> list[Field]:
    """The fields of a device's form, with what was typed already."""
    fields = []
    for name, label in FIELDS.items():
        said = view.said(name) if given is None else given.get(name, "")
        fields.append(Field(name, label, said, _found(view, name)))
    return fields


def _found(view: DeviceView, name: str) -> str:
    """What stands where nobody says anything: a discovered value, by its evidence."""
    if name not in DISCOVERED:
        return ""
    if name == "name":
        names = [one for one in view.device.names if one != view.said("name")]
        return names[0] if names else ""
    if name not in view.told:
        return str(getattr(view.device, name).value)
    seen = getattr(view.device, name).evidence
    return next((piece.says for piece in seen if piece.field != "person"), "")


def record_of(store: Store, view: DeviceView) -> dict[str, Any]:
    """What a page shows of what people said of a device, and are asked about it."""
    device = view.device.id
    edits = store.edits(device)
    questions, alike = store.questions(device), store.questions(like=device)
    ids = {one.like for one in questions} | {one.device for one in alike}
    ids |= {edit.value for edit in edits if edit.field == SAME_AS}
    return {
        "fields": fields_of(view),
        "kinds": KINDS,
        "depends": DEPENDS,
        "edits": tuple(reversed(edits)),
        "versions": tuple(reversed(store.versions(device))),
        "questions": questions,
        "alike": alike,
        "joined": _standing(edits),
        "endpoints": view.device.macs or view.device.ips,
        "places": store.places(),
        "sources": sorted({(one.source, one.time) for one in view.heard.values()}),
        "labels": FIELDS,
        "like": store.device_names(ids),
    }


def _standing(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The joins and parts that people said and did not take back."""
    latest = {(edit.field, edit.value): edit for edit in edits if edit.field in {SAME_AS, APART}}
    return tuple(edit for edit in latest.values() if not edit.withdrawn)
