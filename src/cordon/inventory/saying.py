"""A person's word becomes an edit, once it is sure that it can be one."""

from dataclasses import dataclass

from cordon.inventory.entry import WordError, checked
from cordon.model.edit import APART, EDITABLE, SAME_AS, Edit
from cordon.model.ids import derive
from cordon.store import DeviceView, Store


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it, when (µs, by the wall clock) and why."""

    who: str
    time: int
    why: str = ""


OWNER = "owner"
"""Who speaks where there are no accounts."""


def edit_of(
    store: Store, view: DeviceView, field: str, value: str, speaker: Speaker, *, withdrawn: bool = False
) -> Edit:
    """The edit of one field of a device; a withdrawn one takes back what was said.

    Raises:
        WordError: there is no such field, or it takes no such value; the message says why.
    """
    device = view.device
    if field not in EDITABLE:
        raise WordError(f"There is no {field} to be said of a device; there are {', '.join(EDITABLE)}.")
    why = checked("why", speaker.why)
    if field == SAME_AS and withdrawn:
        value = _joined(store, view, value)
    elif field == SAME_AS:
        other = _other(store, view, value).device
        # The word is kept with the one that stays, which is the one seen first.
        stays, goes = sorted((device, other), key=lambda one: (one.first_seen, one.id))
        device, value = stays, goes.id
    elif field == APART:
        value = value.lower()
        if value not in {*device.macs, *device.ips} and not withdrawn:
            raise WordError(f"{value} is no address of {device.name}; cordon show {device.id} lists them.")
        if len({*device.macs}) + (not device.macs) * len(device.ips) < 2 and not withdrawn:
            raise WordError(f"{device.name} has one endpoint only; there is nothing to part.")
    elif withdrawn:
        value = ""
    else:
        value = checked(field, value)
        if not value:
            raise WordError(f"{field} is empty; to take back what was said of it, withdraw it.")
    return Edit(device.site, device.id, field, value, speaker.who, speaker.time, why, withdrawn)


def _joined(store: Store, view: DeviceView, value: str) -> str:
    """The id that the device had before a person said that it is this one too."""
    said = {edit.value: edit for edit in store.edits(view.device.id) if edit.field == SAME_AS}
    standing = [id for id, edit in said.items() if not edit.withdrawn]
    meant = {value} | {derive("device", view.device.site, view.device.segment, mac) for mac in _macs(view, value)}
    found = [id for id in standing if id in meant] or (standing if len(standing) == 1 else [])
    if not found:
        raise WordError(f"Nobody said that {view.device.name} and {value!r} are one; cordon split parts its addresses.")
    return found[0]


def _macs(view: DeviceView, value: str) -> tuple[str, ...]:
    return tuple(mac for mac in view.device.macs if mac == value.lower())


def _other(store: Store, view: DeviceView, value: str) -> DeviceView:
    """The device that is meant to be the same one."""
    other = store.device(value)
    if other is None:
        raise WordError(f"No device answers to {value!r}; cordon devices lists them all.")
    if other.device.id == view.device.id:
        raise WordError(f"{value!r} is that device itself.")
    if other.device.site != view.device.site:
        raise WordError(f"{other.device.name} is of another site.")
    return other
