"""Everything the record can be asked. Readers work beside the one writer and see whole saves only."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Engine, Select, case, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cordon.model.decision import Change, Decision, Profile
from cordon.model.device import Binding, Device
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.incident import Incident
from cordon.model.tables import HOUR
from cordon.model.trust import Band, Trust
from cordon.store import history, tables
from cordon.store.errors import AmbiguousError, StateError
from cordon.store.losses import gravest, losses
from cordon.store.plain import Fact, from_text
from cordon.store.views import (
    DEVICE_SORTS,
    FINDING_SORTS,
    SEES,
    Coverage,
    DeviceQuery,
    DeviceView,
    Facet,
    FindingQuery,
    Page,
    Presence,
    RhythmCell,
    Source,
    Totals,
    sees_of,
)

NOT_KNOWN = "unknown"
"""What people call the value ""."""

_MOSTLY = 0.85  # from this share of devices seen both ways on a segment counts as seen


class Reading:
    """The reading half of the store. Safe to use from several threads."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self._engine = engine

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session:
                yield session
        except DatabaseError as error:
            raise StateError(f"{self.folder / 'record.sqlite'} cannot be read ({error.orig}).") from None

    def devices(self, query: DeviceQuery | None = None) -> Page[DeviceView]:
        """The devices asked for.

        Raises:
            ValueError: `sort` is none of `DEVICE_SORTS`.
        """
        query = query or DeviceQuery()
        _known("sort", query.sort, DEVICE_SORTS)
        with self._session() as session:
            asked = _joined().where(*_device_conditions(query))
            total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
            asked = asked.order_by(*_device_order(query.sort, query.descending)).offset(query.offset)
            rows = session.execute(asked.limit(query.limit) if query.limit is not None else asked).all()
            return Page(_views(session, rows), total, query.offset)

    def device(self, asked: str) -> DeviceView | None:
        """The device with that id (or the beginning of only one), MAC, IP address or name; None if there is none.

        Raises:
            AmbiguousError: several devices answer to it; the message lists them.
        """
        with self._session() as session:
            ids = _answering(session, asked.strip())
            if not ids:
                return None
            rows = session.execute(_joined().where(tables.DeviceRow.id.in_(ids)).order_by(tables.DeviceRow.id)).all()
            if len(rows) > 1:
                raise AmbiguousError(asked, tuple((row[0].id, row[0].name) for row in rows))
            return _views(session, rows)[0] if rows else None

    def device_names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of devices by id, for lists of other things; unknown ids are left out."""
        row = tables.DeviceRow
        with self._session() as session:
            return dict(session.execute(select(row.id, row.name).where(row.id.in_(set(ids)))).all())

    def bindings(self, device: str = "") -> tuple[Binding, ...]:
        """Which endpoint was which device, oldest first; of one device, or of all."""
        row = tables.BindingRow
        asked = select(row).order_by(row.begin, row.site, row.segment, row.endpoint)
        with self._session() as session:
            found = session.scalars(asked.where(row.device == device) if device else asked)
            return tuple(Binding(b.site, b.segment, b.endpoint, b.device, b.begin, b.end) for b in found)

    def findings(self, query: FindingQuery | None = None) -> Page[Finding]:
        """The findings asked for.

        Raises:
            ValueError: `sort` is none of `FINDING_SORTS`.
        """
        query = query or FindingQuery()
        _known("sort", query.sort, FINDING_SORTS)
        row = tables.FindingRow
        with self._session() as session:
            asked = select(row.id, row.fact).where(*_finding_conditions(query))
            total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
            column = getattr(row, query.sort)
            asked = asked.order_by(column.desc() if query.descending else column.asc(), row.id).offset(query.offset)
            rows = session.execute(asked.limit(query.limit) if query.limit is not None else asked)
            return Page(tuple(from_text(Finding, fact, f"finding {id}") for id, fact in rows), total, query.offset)

    def finding(self, id: str) -> Finding | None:
        """The finding with that id."""
        return self._one(tables.FindingRow, Finding, id)

    def incidents(self, open_only: bool = False, device: str = "") -> tuple[Incident, ...]:
        """The incidents, newest first; only those not closed, or of one device, where asked."""
        row, link = tables.IncidentRow, tables.IncidentDeviceRow
        asked = select(row.id, row.fact).order_by(row.began.desc(), row.id)
        if open_only:
            asked = asked.where(row.closed == 0)
        if device:
            asked = asked.where(row.id.in_(select(link.incident).where(link.device == device)))
        return self._all(asked, Incident, "incident")

    def incident(self, id: str) -> Incident | None:
        """The incident with that id."""
        return self._one(tables.IncidentRow, Incident, id)

    def trust_history(self, device: str) -> tuple[Trust, ...]:
        """Every score of a device, oldest first; the last one stands."""
        row = tables.TrustRow
        return self._all(select(row.device, row.fact).where(row.device == device).order_by(row.time), Trust, "trust of")

    def decisions(self, device: str = "") -> tuple[Decision, ...]:
        """What was decided about a device (or all), oldest first; the last one stands."""
        row = tables.DecisionRow
        asked = select(row.id, row.fact).order_by(row.time, row.id)
        return self._all(asked.where(row.device == device) if device else asked, Decision, "decision")

    def decision(self, id: str) -> Decision | None:
        """The decision with that id."""
        return self._one(tables.DecisionRow, Decision, id)

    def changes(self, device: str = "", decision: str = "") -> tuple[Change, ...]:
        """The changes that follow from decisions, oldest first: of one device, of one decision, or all."""
        row, of = tables.ChangeRow, tables.DecisionRow
        asked = select(row.id, row.fact).outerjoin(of, of.id == row.decision).order_by(of.time, row.id)
        if device:
            asked = asked.where(of.device == device)
        if decision:
            asked = asked.where(row.decision == decision)
        return self._all(asked, Change, "change")

    def profile(self, device: str) -> Profile | None:
        """What the device usually does, as learned so far."""
        return self._one(tables.ProfileRow, Profile, device)

    def rhythm(self, device: str, hours: int = 24) -> tuple[RhythmCell, ...]:
        """The last hours of a device, oldest first; the last one holds the newest event of the record."""
        with self._session() as session:
            return _rhythms(session, [device], hours)[device]

    def sources(self) -> tuple[Source, ...]:
        """Everything that was read, by the time of its first packet."""
        row = tables.SourceRow
        return self._all(select(row.id, row.fact).order_by(row.begin, row.id), Source, "source")

    def as_of(self) -> int:
        """The time of the newest event of the record, µs; 0 when there is none."""
        with self._session() as session:
            return session.scalar(select(tables.SpanRow.last)) or 0

    def totals(self) -> Totals:
        """The site in numbers."""
        row, standing, finding, incident = (
            tables.DeviceRow,
            tables.StandingRow,
            tables.FindingRow,
            tables.IncidentRow,
        )
        band = func.coalesce(standing.band, "")
        with self._session() as session:
            bands = session.execute(
                select(band, func.count())
                .select_from(row)
                .outerjoin(standing, standing.device == row.id)
                .group_by(band)
            )
            counted = {value.value: 0 for value in Band} | {"": 0} | dict(bands.all())
            grades = dict(session.execute(select(finding.severity, func.count()).group_by(finding.severity)).all())
            span = session.scalar(select(tables.SpanRow))
            return Totals(
                devices=sum(counted.values()),
                bands=counted,
                findings={severity.name.lower(): grades.get(int(severity), 0) for severity in Severity},
                incidents=session.scalar(select(func.count()).select_from(incident)) or 0,
                open_incidents=session.scalar(select(func.count()).select_from(incident).where(incident.closed == 0))
                or 0,
                first=span.first if span else 0,
                last=span.last if span else 0,
            )

    def kinds(self) -> tuple[Facet, ...]:
        """The kinds of device there are, most frequent first."""
        return self._facets(tables.DeviceRow.kind)

    def vendors(self) -> tuple[Facet, ...]:
        """The vendors there are, most frequent first."""
        return self._facets(tables.DeviceRow.vendor)

    def segments(self) -> tuple[Facet, ...]:
        """The segments there are, most devices first."""
        return self._facets(tables.DeviceRow.segment)

    def coverage(self) -> tuple[Coverage, ...]:
        """What Cordon can see, by segment."""
        with self._session() as session:
            traffic = {
                row.segment: (row.packets, row.bytes)
                for row in session.scalars(select(tables.SegmentRow).order_by(tables.SegmentRow.segment))
            }
            seen = _ways(session)
        sources = self.sources()
        names = sorted({*traffic, *seen, *(source.segment for source in sources)})
        return tuple(_coverage(name, sources, traffic.get(name, (0, 0)), seen.get(name, {})) for name in names)

    def history(self, table: str) -> pl.LazyFrame:
        """A traffic table, or "talks", as it was recorded; empty where nothing was.

        Raises:
            KeyError: there is no such table.
        """
        row = tables.PartRow
        with self._session() as session:
            parts = session.execute(select(row.day, row.file).where(row.table == table).order_by(row.day, row.file))
            return history.scan(self.folder, table, list(parts))

    def rows(self, selector: Rows, limit: int = 200) -> pl.DataFrame:
        """The recorded rows a finding points to, oldest first, at most `limit`.

        Raises:
            KeyError: the selector's table or a column of it does not exist.
        """
        row = tables.PartRow
        days = history.days(selector.begin, selector.end)
        with self._session() as session:
            parts = session.execute(
                select(row.day, row.file)
                .where(row.table == selector.table, row.day >= days[0], row.day <= days[-1])
                .order_by(row.day, row.file)
            )
            scan = history.scan(self.folder, selector.table, list(parts))
        return history.pick(scan, selector, limit)

    def _one(self, table: Any, kind: type[Fact], id: str) -> Fact | None:
        with self._session() as session:
            row = session.get(table, id)
            return None if row is None else from_text(kind, row.fact, f"{table.__tablename__} {id}")

    def _all(self, asked: Select[str, str], kind: type[Fact], what: str) -> tuple[Fact, ...]:
        with self._session() as session:
            return tuple(from_text(kind, fact, f"{what} {id}") for id, fact in session.execute(asked).all())

    def _facets(self, column: Any) -> tuple[Facet, ...]:
        count = func.count()
        with self._session() as session:
            rows = session.execute(select(column, count).group_by(column).order_by(count.desc(), column))
            return tuple(Facet(value, devices) for value, devices in rows)


def _known(what: str, value: str, values: Sequence[str]) -> None:
    if value not in values:
        raise ValueError(f"{what} is {value!r}; it must be one of {', '.join(values)}.")


def _joined() -> Select[tables.DeviceRow, tables.StandingRow, tables.PresenceRow]:
    device, standing, presence = tables.DeviceRow, tables.StandingRow, tables.PresenceRow
    return (
        select(device, standing, presence)
        .outerjoin(standing, standing.device == device.id)
        .outerjoin(presence, presence.device == device.id)
    )


def _device_conditions(query: DeviceQuery) -> list[ColumnElement[bool]]:
    device = tables.DeviceRow
    conditions = [device.search.contains(word, autoescape=True) for word in query.text.lower().split()]
    for column, value in ((device.kind, query.kind), (device.vendor, query.vendor), (device.segment, query.segment)):
        if value:
            conditions.append(column == ("" if value == NOT_KNOWN else value))
    if query.band:
        conditions.append(func.coalesce(tables.StandingRow.band, "") == ("" if query.band == NOT_KNOWN else query.band))
    return conditions


def _device_order(sort: str, descending: bool) -> list[ColumnElement[Any]]:
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


def _answering(session: Session, asked: str) -> list[str]:
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


def _finding_conditions(query: FindingQuery) -> list[ColumnElement[bool]]:
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


def _views(session: Session, rows: Sequence[Any]) -> tuple[DeviceView, ...]:
    rhythms = _rhythms(session, [device.id for device, _, _ in rows], 24)
    return tuple(_view(device, standing, seen, rhythms[device.id]) for device, standing, seen in rows)


def _view(
    device: tables.DeviceRow,
    standing: tables.StandingRow | None,
    seen: tables.PresenceRow | None,
    rhythm: tuple[RhythmCell, ...],
) -> DeviceView:
    return DeviceView(
        device=from_text(Device, device.fact, f"device {device.id}"),
        trust=from_text(Trust, standing.trust, f"trust of {device.id}") if standing and standing.trust else None,
        presence=_presence(seen) if seen else None,
        findings=standing.findings if standing else 0,
        latest_finding=standing.latest_finding if standing else "",
        latest_severity=_severity(standing.latest_severity if standing else None),
        worst_severity=_severity(standing.worst_severity if standing else None),
        rhythm=rhythm,
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


def _rhythms(session: Session, devices: list[str], hours: int) -> dict[str, tuple[RhythmCell, ...]]:
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


def _ways(session: Session) -> dict[str, dict[str, int]]:
    """Of each segment, how many devices are seen both ways, one way, or only in group traffic."""
    device, seen = tables.DeviceRow, tables.PresenceRow
    way = case(
        ((seen.unicast_out > 0) & (seen.unicast_in > 0), "both_ways"),
        ((seen.unicast_out > 0) | (seen.unicast_in > 0), "one_way"),
        else_="group_only",
    )
    rows = session.execute(
        select(device.segment, way, func.count())
        .outerjoin(seen, seen.device == device.id)
        .group_by(device.segment, way)
    )
    found: dict[str, dict[str, int]] = {}
    for segment, name, count in rows:
        found.setdefault(segment, {})[name] = count
    return found


def _coverage(name: str, sources: Sequence[Source], traffic: tuple[int, int], seen: dict[str, int]) -> Coverage:
    # A capture of a trunk carries lan, lan.12, …: it is a source of all segments that start with its own name.
    of_it = [source for source in sources if name == source.segment or name.startswith(source.segment + ".")]
    damaged: dict[str, int] = {}
    for source in of_it:
        for kind, count in source.damaged.items():
            damaged[kind] = damaged.get(kind, 0) + count
    sees = {sees_of(source.name) for source in of_it}
    return Coverage(
        segment=name,
        sources=tuple(source.label for source in of_it),
        packets=traffic[0],
        bytes=traffic[1],
        both_ways=seen.get("both_ways", 0),
        one_way=seen.get("one_way", 0),
        group_only=seen.get("group_only", 0),
        damaged=damaged,
        sees=tuple(kind for kind in SEES if kind in sees),
        next=_next(sees, seen, gravest(of_it)),
        lost=losses(damaged),
    )


def _next(sees: set[str], seen: dict[str, int], loss: str) -> str:
    """What to connect next: first what shows the devices at all, then what loses less, then what names them."""
    devices = sum(seen.values())
    if not devices:
        return loss or "anything"
    if seen.get("both_ways", 0) < _MOSTLY * devices:
        return "mirror" if seen.get("group_only", 0) >= seen.get("one_way", 0) else "both ways"
    return loss or ("names" if sees == {"flow records"} else "")
