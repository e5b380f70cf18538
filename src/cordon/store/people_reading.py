"""What people said of devices, and what they are asked: the part of the record that is theirs."""

import json
from collections.abc import Iterable, Iterator

from sqlalchemy import func, select

from cordon.model.codec import decode
from cordon.model.device import Device
from cordon.model.edit import Edit
from cordon.store import tables
from cordon.store.asking import ids_asked
from cordon.store.device_rows import Words, in_parts, known_words, words_of
from cordon.store.errors import StateError
from cordon.store.opened import Opened
from cordon.store.people import ATTRIBUTES, Listed, Question, Version, with_words
from cordon.store.views import DeviceQuery


class People(Opened):
    """Reads edits, versions and questions."""

    def edits(self, device: str = "") -> tuple[Edit, ...]:
        """Everything that people ever said, oldest first; of one device, or of all."""
        row = tables.EditRow
        asked = select(row).order_by(row.time, row.number)
        with self._session() as session:
            found = session.scalars(asked.where(row.device == device) if device else asked)
            return tuple(Edit(e.site, e.device, e.field, e.value, e.who, e.time, e.why, e.withdrawn) for e in found)

    def versions(self, device: str) -> tuple[Version, ...]:
        """Which model, system and firmware a device was found to have, oldest first."""
        row = tables.VersionRow
        with self._session() as session:
            found = session.scalars(select(row).where(row.device == device).order_by(row.time, row.field))
            return tuple(Version(v.device, v.field, v.value, v.time) for v in found)

    def questions(self, device: str = "", like: str = "") -> tuple[Question, ...]:
        """The questions that nobody answered yet: of one device, of those like one, or all."""
        row = tables.QuestionRow
        asked = select(row).where(row.answer == "").order_by(row.asked, row.device, row.field, row.value)
        if device:
            asked = asked.where(row.device == device)
        if like:
            asked = asked.where(row.like == like)
        with self._session() as session:
            found = session.scalars(asked)
            return tuple(
                Question(q.device, q.field, q.value, q.like, q.asked, q.answer, q.who, q.answered) for q in found
            )

    def nameless(self) -> int:
        """How many devices there are that nobody could name, and that nobody was asked about and knew no answer."""
        device, question = tables.DeviceRow, tables.QuestionRow
        answered = select(question.device).where(question.field == "kind", question.value == "")
        with self._session() as session:
            asked = select(func.count()).select_from(device).where(device.kind == "", device.known == "seen")
            return session.scalar(asked.where(device.id.not_in(answered))) or 0

    def alike(self, device: str) -> tuple[str, ...]:
        """The ids of devices that look like this one: the same vendor prefix, and the same fingerprints spoke."""
        row = tables.DeviceRow
        with self._session() as session:
            likeness = session.scalar(select(row.likeness).where(row.id == device))
            if not likeness:
                return ()
            asked = select(row.id).where(row.likeness == likeness, row.id != device, row.known != "gone")
            return tuple(session.scalars(asked.order_by(row.id)))

    def listed(self, query: DeviceQuery | None = None) -> Iterator[Listed]:
        """The devices asked for as they stand in a list, without evidence; some at a time stand in memory."""
        row, fact, seen = tables.DeviceRow, tables.DeviceFactRow, tables.PresenceRow
        wanted = ids_asked(query or DeviceQuery(sort="mac", limit=None))
        with self._session() as session:
            ids = list(session.scalars(wanted.limit(query.limit) if query and query.limit is not None else wanted))
        for part in in_parts(ids):
            asked = (
                select(row, fact.fact, seen.last_seen)
                .join(fact, fact.id == row.id)
                .outerjoin(seen, seen.device == row.id)
                .where(row.id.in_(part))
            )
            with self._session() as session:
                found = {one.id: _listed(one, text, last or 0) for one, text, last in session.execute(asked)}
            yield from (found[id] for id in part if id in found)

    def words(self, devices: Iterable[str]) -> dict[str, Words]:
        """What people and files say of each of these devices now; those of which nothing is said are left out."""
        with self._session() as session:
            return known_words(session.connection(), sorted(set(devices)))

    def answering(self, values: Iterable[str]) -> dict[str, frozenset[str]]:
        """The ids of the devices that answer to each of these addresses or names; those nobody answers to are left out.

        A device that was joined with another answers to nothing.
        """
        row = tables.AliasRow
        found: dict[str, set[str]] = {}
        with self._session() as session:
            for part in in_parts(sorted({value.lower() for value in values})):
                for value, device in session.execute(select(row.value, row.device).where(row.value.in_(part))):
                    found.setdefault(value, set()).add(device)
        return {value: frozenset(ids) for value, ids in found.items()}

    def segments_of(self, devices: Iterable[str]) -> dict[str, str]:
        """The segment of each of these devices; those that are not in the record are left out."""
        row = tables.DeviceRow
        found: dict[str, str] = {}
        with self._session() as session:
            for part in in_parts(sorted(set(devices))):
                found |= dict(session.execute(select(row.id, row.segment).where(row.id.in_(part))).all())
        return found


def _listed(row: tables.DeviceRow, text: str, last_seen: int) -> Listed:
    """Without the evidence a device is read many times as fast."""
    try:
        plain = json.loads(text)
        bare = {name: value for name, value in plain.items() if name not in ATTRIBUTES}
        device = decode(Device, bare)
    except ValueError as error:
        raise StateError(f"The record is damaged at device {row.id} ({error}); restore it from a copy.") from None
    told, heard = words_of(row.told, row.heard)
    shown = with_words(device, told, heard)
    values = {name: getattr(row, name) for name in ATTRIBUTES}
    return Listed(shown, values, {name: said.value for name, said in told.items()}, heard, row.known, last_seen)
