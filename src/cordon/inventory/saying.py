"""A person's word becomes an edit, once it is sure that it can be one."""

from dataclasses import dataclass

from cordon.inventory.entry import WordError, checked
from cordon.model.edit import APART, EDITABLE, SAME_AS, Edit
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
    if field == SAME_AS:
        value = _other(store, view, value)
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


def _other(store: Store, view: DeviceView, value: str) -> str:
    """The id of the device that is meant to be the same one."""
    other = store.device(value)
    if other is None:
        raise WordError(f"No device answers to {value!r}; cordon devices lists them all.")
    if other.device.id == view.device.id:
        raise WordError(f"{value!r} is that device itself.")
    if other.device.site != view.device.site:
        raise WordError(f"{other.device.name} is of another site.")
    return other.device.id
