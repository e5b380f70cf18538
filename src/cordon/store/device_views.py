"""Devices as they are shown: the fact with its trust, its presence, its findings and its last hours."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordon.model.device import Device
from cordon.model.finding import Severity
from cordon.model.tables import HOUR
from cordon.model.trust import Trust
from cordon.store import tables
from cordon.store.device_rows import words_of
from cordon.store.people import with_words
from cordon.store.plain import from_text
from cordon.store.views import (
    DeviceView,
    Presence,
    RhythmCell,
)


def views_of(session: Session, rows: Sequence[Any]) -> tuple[DeviceView, ...]:
    """The devices of joined rows as they are shown, each with its last 24 hours."""
    rhythms = rhythms_of(session, [device.id for device, _, _, _ in rows], 24)
    return tuple(_view(device, fact, standing, seen, rhythms[device.id]) for device, fact, standing, seen in rows)


def _view(
    device: tables.DeviceRow,
    fact: tables.DeviceFactRow,
    standing: tables.StandingRow | None,
    seen: tables.PresenceRow | None,
    rhythm: tuple[RhythmCell, ...],
) -> DeviceView:
    told, heard = words_of(device.told, device.heard)
    return DeviceView(
        device=with_words(from_text(Device, fact.fact, f"device {device.id}"), told, heard),
        trust=from_text(Trust, standing.trust, f"trust of {device.id}") if standing and standing.trust else None,
        presence=_presence(seen) if seen else None,
        findings=standing.findings if standing else 0,
        latest_finding=standing.latest_finding if standing else "",
        latest_severity=_severity(standing.latest_severity if standing else None),
        worst_severity=_severity(standing.worst_severity if standing else None),
        rhythm=rhythm,
        told=told,
        heard=heard,
        known=device.known,
    )


def _presence(seen: tables.PresenceRow) -> Presence:
    return Presence(
        first_seen=seen.first_seen or 0,
        last_seen=seen.last_seen or 0,
        packets=seen.packets,
        bytes=seen.bytes,
        steps=seen.steps,
        unicast_out=seen.unicast_out,
        unicast_in=seen.unicast_in,
        group_packets=seen.group_packets,
    )


def _severity(value: int | None) -> Severity | None:
    return None if value is None else Severity(value)


def rhythms_of(session: Session, devices: list[str], hours: int) -> dict[str, tuple[RhythmCell, ...]]:
    """The last hours of devices by their id, oldest first; the last hour is that of the record's newest event."""
    row = tables.RhythmRow
    newest = (session.scalar(select(tables.SpanRow.last)) or 0) // HOUR * HOUR
    wanted = [newest - HOUR * back for back in range(hours - 1, -1, -1)]
    asked = select(row).where(row.hour >= wanted[0], row.hour <= newest)
    if len(devices) <= 500:  # as many as one statement takes without trouble; beyond, all rows are few more
        asked = asked.where(row.device.in_(devices))
    cells = {
        (cell.device, cell.hour): RhythmCell(
            cell.hour, cell.bytes_out, cell.bytes_in, cell.flows, cell.low, cell.high, cell.departed
        )
        for cell in session.scalars(asked)
    }
    return {device: tuple(cells.get((device, hour)) or RhythmCell(hour) for hour in wanted) for device in devices}
