"""The repairs of a record: what stands open, ranked, with what is known of the devices; and people's word about it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from cordon.exposure import Check, Repair, Subject, ranked
from cordon.exposure.checks import CHECKS
from cordon.model.exposure import Acceptance, Exposure
from cordon.model.tables import DAY
from cordon.store import Store

LONGEST: Final = 3 * 366 * DAY
"""Longer than that nobody answers for something."""
MOST_TEXT: Final = 500
_DAYS: Final = re.compile(r"(\d{1,4}) ?d(?:ays?)?")


class AcceptError(ValueError):
    """An acceptance that cannot be kept; the message is for people."""


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
        said = words[id][0].get("criticality") if id in words else None
        criticality = int(said.value) if said is not None and said.value.isdigit() else 0
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
    owner, reason = _said("owner", owner), _said("reason", reason)
    if not one.stands:
        raise AcceptError(f"{one.id} does not stand any more ({one.gone}); there is nothing to accept.")
    return Acceptance(one.site, one.id, owner, reason, _until(until.strip(), now), who, now)


def withdrawing(one: Exposure, who: str, now: int) -> Acceptance:
    """The word that takes an acceptance back.

    Raises:
        AcceptError: nobody accepted it.
    """
    if one.accepted is None:
        raise AcceptError(f"Nobody accepted {one.id}; there is nothing to take back.")
    word = one.accepted
    return Acceptance(one.site, one.id, word.owner, word.reason, word.until, who, now, withdrawn=True)


def _said(what: str, text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise AcceptError(f"Say {'who answers for it' if what == 'owner' else 'why it is accepted'} (the {what}).")
    if len(text) > MOST_TEXT or not text.isprintable():
        raise AcceptError(f"The {what} must be plain text of at most {MOST_TEXT} characters.")
    return text


def _until(text: str, now: int) -> int:
    """The end of the day that is meant, µs."""
    today = datetime.fromtimestamp(now // 1_000_000, UTC).date()
    if (match := _DAYS.fullmatch(text)) is not None:
        day = today + timedelta(days=int(match[1]))
    else:
        try:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            raise AcceptError(f"Until {text!r} is no day; write it as 2027-03-31, or as 90d.") from None
    until = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000 + DAY
    if until <= now + DAY // 24 or until > now + LONGEST:
        raise AcceptError(f"Until {text} is {'over' if until <= now else 'too far ahead'}; name a day within 3 years.")
    return until
