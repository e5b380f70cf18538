"""Keeps what people say of devices: every word for good, and what holds now beside each device."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from cordon.model.device import Device
from cordon.model.edit import APART, DISCOVERED, OWNERS, SAME_AS, Edit
from cordon.store import device_rows, tables
from cordon.store.device_rows import in_parts
from cordon.store.people import Heard, Question, Said

ASKED_OF: Final = ("kind", "vendor", "model", "os")
"""What a device alike is asked about; its name, place or firmware are its own."""
MOST_ASKED: Final = 200
"""Devices that are asked about after one correction."""


def say(connection: Connection, edits: Sequence[Edit], *, ask: bool = False) -> None:
    """Keeps edits and lets what holds now follow; with `ask`, asks about the devices that look alike."""
    if not edits:
        return
    rows = [{name: getattr(edit, name) for name in Edit.__dataclass_fields__} for edit in edits]
    connection.execute(upsert(tables.EditRow).on_conflict_do_nothing(), rows)
    shown = sorted({edit.device for edit in edits if edit.field not in {SAME_AS, APART}})
    _follow(connection, shown)
    named = [edit for edit in edits if edit.field in ASKED_OF]
    _settle(connection, named)
    for edit in named if ask else ():
        _ask(connection, edit)


def meet(connection: Connection, devices: Sequence[Device]) -> None:
    """Keeps the newest facts of devices; one that only an import spoke of is the one that is seen now."""
    _recognise(connection, devices)
    device_rows.save(connection, devices)


def hear(connection: Connection, devices: Sequence[Device], heard: Sequence[Heard]) -> None:
    """Keeps devices that only a file speaks of, where they are not known yet, and what files say."""
    row = tables.DeviceRow
    there: set[str] = set()
    for part in in_parts([device.id for device in devices]):
        there |= set(connection.scalars(select(row.id).where(row.id.in_(part), row.known == "seen")))
    device_rows.save(connection, [device for device in devices if device.id not in there])
    ids = sorted({one.device for one in heard})
    words = device_rows.known_words(connection, ids)
    for one in sorted(heard, key=lambda one: (one.device, one.field, one.time)):
        words.setdefault(one.device, ({}, {}))[1][one.field] = one
    device_rows.refresh(connection, {id: words[id] for id in ids})


def answer(connection: Connection, question: Question) -> None:
    """Keeps an answer; the same is not asked again."""
    row = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    keys = ("device", "field", "value")
    statement = upsert(tables.QuestionRow)
    others = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), [row])


def answer_nameless(connection: Connection, who: str, time: int) -> None:
    """Nobody knows what the devices are that Cordon cannot name: they are not asked about again."""
    device, question = tables.DeviceRow, tables.QuestionRow
    asked = select(question.device).where(question.field == "kind", question.value == "")
    ids = connection.scalars(
        select(device.id).where(device.kind == "", device.known == "seen", device.id.not_in(asked))
    ).all()
    rows = [
        {"device": id, "field": "kind", "value": "", "like": "", "asked": time, "answer": "no", "who": who,
         "answered": time}
        for id in ids
    ]  # fmt: skip
    if rows:
        connection.execute(upsert(question).on_conflict_do_nothing(), rows)


def _follow(connection: Connection, ids: Iterable[str]) -> None:
    """Makes what holds now of what was said, the latest last."""
    row = tables.EditRow
    wanted = sorted(set(ids))
    words = device_rows.known_words(connection, wanted)
    said: dict[str, dict[str, Said]] = {id: {} for id in wanted}
    for part in in_parts(wanted):
        found = connection.execute(
            select(row.device, row.field, row.value, row.who, row.time, row.why, row.withdrawn)
            .where(row.device.in_(part), row.field.in_([*DISCOVERED, *OWNERS]))
            .order_by(row.time, row.number)
        )
        for device, field, value, who, time, why, withdrawn in found:
            if withdrawn or not value:
                said[device].pop(field, None)
            else:
                said[device][field] = Said(value, who, time, why)
    device_rows.refresh(connection, {id: (said[id], words.get(id, ({}, {}))[1]) for id in wanted})


def _settle(connection: Connection, edits: Sequence[Edit]) -> None:
    """Somebody said what these devices are: what was asked of them, and because of them, is not open any more."""
    question = tables.QuestionRow
    if not edits:
        return
    said = [{"of": edit.device, "what": edit.field, "by": edit.who, "at": edit.time} for edit in edits]
    still = (question.field == bindparam("what")) & (question.answer == "")
    connection.execute(delete(question).where(question.like == bindparam("of"), still), said)
    connection.execute(
        update(question)
        .where(question.device == bindparam("of"), still)
        .values(answer="said", who=bindparam("by"), answered=bindparam("at")),
        said,
    )


def _ask(connection: Connection, edit: Edit) -> None:
    """Asks about the devices that look like the one a person spoke of; a word taken back is not asked about."""
    row, question = tables.DeviceRow, tables.QuestionRow
    if edit.withdrawn:
        return
    likeness = connection.scalar(select(row.likeness).where(row.id == edit.device))
    if not likeness:
        return
    column: Any = getattr(row, edit.field)
    alike = connection.execute(
        select(row.id, row.told)
        .where(row.likeness == likeness, row.id != edit.device, row.known == "seen", column != edit.value)
        .order_by(row.id)
        .limit(MOST_ASKED)
    )
    rows = [
        {"device": id, "field": edit.field, "value": edit.value, "like": edit.device, "asked": edit.time}
        for id, told in alike
        if edit.field not in device_rows.words_of(told, "")[0]  # somebody said already what it is
    ]
    if rows:
        blank = {"answer": "", "who": "", "answered": 0}
        connection.execute(upsert(question).on_conflict_do_nothing(), [one | blank for one in rows])


def _recognise(connection: Connection, devices: Sequence[Device]) -> None:
    """Devices known from an import in another segment, of which one is seen now: what was said of them goes along."""
    alias, row = tables.AliasRow, tables.DeviceRow
    by_mac = {mac: device for device in devices for mac in device.macs}
    ids = {device.id for device in devices}
    for part in in_parts(sorted(by_mac)):
        found = connection.execute(
            select(row.id, alias.value)
            .join(alias, alias.device == row.id)
            .where(alias.value.in_(part), row.known == "import")
        ).all()
        for old, mac in found:
            if old not in ids:
                _move(connection, old, by_mac[mac])


def _move(connection: Connection, old: str, to: Device) -> None:
    there = connection.scalar(select(tables.DeviceRow.id).where(tables.DeviceRow.id == to.id))
    if there is None:
        device_rows.save(connection, [to])
    words = device_rows.known_words(connection, [old, to.id])
    _, heard = words.get(to.id, ({}, {}))
    moved = {name: replace(one, device=to.id) for name, one in words.get(old, ({}, {}))[1].items()}
    connection.execute(update(tables.EditRow).where(tables.EditRow.device == old).values(device=to.id))
    for column in (tables.DeviceRow.id, tables.DeviceFactRow.id, tables.AliasRow.device, tables.TagRow.device):
        connection.execute(delete(column.class_).where(column == old))
    device_rows.refresh(connection, {to.id: (words.get(to.id, ({}, {}))[0], moved | heard)})
    _follow(connection, [to.id])
