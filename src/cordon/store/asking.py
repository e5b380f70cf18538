"""How a question to the record becomes conditions and an order of its rows."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from cordon.model.trust import Band
from cordon.store import tables
from cordon.store.views import (
    DeviceQuery,
    FindingQuery,
)

NOT_KNOWN = "unknown"
"""What people call the value ""."""


EQUAL: Final = ("kind", "vendor", "segment", "location", "owner", "zone", "criticality")
"""What a question for devices may ask to be equal; "unknown" asks for those of which it is not known."""
OF_STANDING: Final = frozenset({"trust", "band", "findings", "severity"})
OF_PRESENCE: Final = frozenset({"first_seen", "last_seen", "packets", "bytes"})


def known(what: str, value: str, values: Sequence[str]) -> None:
    """Makes sure that a value is one of those there are; else a sentence says which they are."""
    if value not in values:
        raise ValueError(f"{what} is {value!r}; it must be one of {', '.join(values)}.")


def joined() -> Select[tables.DeviceRow, tables.DeviceFactRow, tables.StandingRow, tables.PresenceRow]:
    """Devices with their facts, how they stand and when they were seen, as far as that is known."""
    device, fact, standing, presence = tables.DeviceRow, tables.DeviceFactRow, tables.StandingRow, tables.PresenceRow
    return (
        select(device, fact, standing, presence)
        .join(fact, fact.id == device.id)
        .outerjoin(standing, standing.device == device.id)
        .outerjoin(presence, presence.device == device.id)
    )


def ids_asked(query: DeviceQuery) -> Select[str]:
    """The ids of the devices asked for, in their order; no more is joined than the question needs."""
    device, standing, presence = tables.DeviceRow, tables.StandingRow, tables.PresenceRow
    asked = select(device.id)
    if query.band or query.sort in OF_STANDING:
        asked = asked.outerjoin(standing, standing.device == device.id)
    if query.sort in OF_PRESENCE:
        asked = asked.outerjoin(presence, presence.device == device.id)
    return asked.where(*device_conditions(query)).order_by(*device_order(query.sort, query.descending))


def how_many(query: DeviceQuery) -> Select[int]:
    """The number of the devices asked for."""
    device, standing = tables.DeviceRow, tables.StandingRow
    asked = select(func.count()).select_from(device)
    if query.band:
        asked = asked.outerjoin(standing, standing.device == device.id)
    return asked.where(*device_conditions(query))


def device_conditions(query: DeviceQuery) -> list[ColumnElement[bool]]:
    """The conditions of a question for devices; every word of its text must occur."""
    device, tag = tables.DeviceRow, tables.TagRow
    conditions = [device.search.contains(word, autoescape=True) for word in query.text.lower().split()]
    for name in EQUAL:
        if value := getattr(query, name):
            conditions.append(getattr(device, name) == ("" if value == NOT_KNOWN else value))
    if query.tag:
        conditions.append(device.id.in_(select(tag.device).where(tag.tag == query.tag)))
    conditions.append(device.known == query.known if query.known else device.known != "gone")
    if query.band:
        conditions.append(func.coalesce(tables.StandingRow.band, "") == ("" if query.band == NOT_KNOWN else query.band))
    return conditions


def device_order(sort: str, descending: bool) -> list[ColumnElement[Any]]:
    """The order of devices: those of which the value is not known come last, then by id."""
    device, standing, presence = tables.DeviceRow, tables.StandingRow, tables.PresenceRow
    column: Any = {
        "name": func.lower(device.name),
        "trust": standing.score,
        "band": case({band.value: at for at, band in enumerate(Band)}, value=standing.band),
        "findings": func.coalesce(standing.findings, 0),
        "severity": standing.worst_severity,
        "first_seen": presence.first_seen,
        "last_seen": presence.last_seen,
        "packets": presence.packets,
        "bytes": presence.bytes,
    }.get(sort)
    if column is None:
        column = getattr(device, sort)
    unknown = case((column.is_(None), 1), (column == "", 1), else_=0)
    return [unknown, column.desc() if descending else column.asc(), device.id]


def answering(session: Session, asked: str) -> list[str]:
    """The ids of the devices that answer to what was asked, by the surest way that has an answer."""
    device, alias = tables.DeviceRow, tables.AliasRow
    if session.get(device, asked) is not None:
        return [asked]
    value = asked.lower().replace("-", ":") if asked.count("-") == 5 else asked.lower()
    found = session.scalars(select(alias.device).where(alias.value.in_({value, asked.lower()}))).all()
    if not found and asked:
        found = session.scalars(select(device.id).where(func.lower(device.name) == asked.lower())).all()
    if not found and len(asked) >= 4:
        found = session.scalars(
            select(device.id).where(
                device.id.startswith(asked, autoescape=True) | device.id.startswith(f"device-{asked}", autoescape=True)
            )
        ).all()
    return sorted(set(found))


def finding_conditions(query: FindingQuery) -> list[ColumnElement[bool]]:
    """The conditions of a question for findings; every word of its text must occur."""
    row = tables.FindingRow
    conditions = [func.lower(row.says).contains(word, autoescape=True) for word in query.text.lower().split()]
    for column, value in ((row.device, query.device), (row.detector, query.detector), (row.family, query.family)):
        if value:
            conditions.append(column == value)
    if query.at_least:
        conditions.append(row.severity >= int(query.at_least))
    if query.since:
        conditions.append(row.noticed >= query.since)
    if query.until:
        conditions.append(row.noticed < query.until)
    return conditions
