"""The repairs of a record: what stands open, ranked, with what is known of the devices; and people's word about it."""

from collections.abc import Iterable
from typing import Final

from cordon.exposure import Check, Repair, Subject, ranked
from cordon.exposure.checks import CHECKS
from cordon.model.exposure import Acceptance, Exposure
from cordon.model.tables import DAY
from cordon.promises import AcceptError, said, until_of
from cordon.store import Store

LONGEST: Final = 3 * 366 * DAY
"""Longer than that nobody answers for something."""


def check_of(id: str) -> type[Check] | None:
    """The check of that id; None where it is not installed here."""
    return next((check for check in CHECKS if check.id == id), None)


def repairs_of(store: Store) -> tuple[Repair, ...]:
    """All repairs there are, the most useful first."""
    exposures = store.exposures()
    return ranked(exposures, subjects_of(store, {one.device for one in exposures}))


def subjects_of(store: Store, devices: Iterable[str]) -> dict[str, Subject]:
    """What ranking wants to know of these devices; those that are not in the record are left out."""
    ids = sorted(set(devices))
    words = store.words(ids)
    found = {}
    for id, device in store.those(ids).items():
        word = words[id][0].get("criticality") if id in words else None
        criticality = int(word.value) if word is not None and word.value.isdigit() else 0
        found[id] = Subject(device.name, device.kind.value, device.vendor.value, device.model.value, criticality)
    return found


def meant(store: Store, asked: str) -> Exposure | None:
    """The exposure with that id, with or without the word before it."""
    asked = asked.strip()
    return store.exposure(asked) or store.exposure(f"exposure-{asked}")


def accepting(one: Exposure, owner: str, reason: str, until: str, who: str, now: int) -> Acceptance:
    """A person's word that an exposure is lived with until a day; `now` is the time on the wall, µs.

    Raises:
        AcceptError: something is missing or cannot be; the message says what.
    """
    owner, reason = said("owner", owner), said("reason", reason)
    if not one.stands:
        raise AcceptError(f"{one.id} does not stand any more ({one.gone}); there is nothing to accept.")
    return Acceptance(one.site, one.id, owner, reason, until_of(until.strip(), now, LONGEST, "3 years"), who, now)


def withdrawing(one: Exposure, who: str, now: int) -> Acceptance:
    """The word that takes an acceptance back.

    Raises:
        AcceptError: nobody accepted it.
    """
    if one.accepted is None:
        raise AcceptError(f"Nobody accepted {one.id}; there is nothing to take back.")
    word = one.accepted
    return Acceptance(one.site, one.id, word.owner, word.reason, word.until, who, now, withdrawn=True)
