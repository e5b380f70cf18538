"""Everything the record can be asked. Readers work beside the one writer and see whole saves only."""

from collections.abc import Iterable
from typing import Any

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cordon.model.baseline import Baseline
from cordon.model.decision import Change, Decision, Profile
from cordon.model.device import Binding, Device
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.incident import Incident
from cordon.model.trust import Band, Trust
from cordon.store import history, outbox, tables
from cordon.store.asking import answering, finding_conditions, how_many, ids_asked, joined, known
from cordon.store.coverage import coverage_of, ways
from cordon.store.device_rows import in_parts
from cordon.store.device_views import rhythms_of, views_of
from cordon.store.errors import AmbiguousError
from cordon.store.exposure_reading import Exposures
from cordon.store.judging import Verdicts
from cordon.store.outbox import Told
from cordon.store.people_reading import People
from cordon.store.plain import from_text
from cordon.store.standing import unaccepted
from cordon.store.views import (
    DEVICE_SORTS,
    FINDING_SORTS,
    Coverage,
    DeviceQuery,
    DeviceView,
    Facet,
    FindingQuery,
    Page,
    RhythmCell,
    Source,
    Totals,
)


class Reading(People, Exposures, Verdicts):
    """The reading half of the store. Safe to use from several threads."""

    def devices(self, query: DeviceQuery | None = None) -> Page[DeviceView]:
        """The devices asked for.

        Raises:
            ValueError: `sort` is none of `DEVICE_SORTS`.
        """
        query = query or DeviceQuery()
        known("sort", query.sort, DEVICE_SORTS)
        with self._session() as session:
            asked = ids_asked(query)
            total = session.scalar(how_many(query)) or 0
            asked = asked.offset(query.offset)
            ids = list(session.scalars(asked.limit(query.limit) if query.limit is not None else asked))
            return Page(tuple(view for part in in_parts(ids) for view in _these(session, part)), total, query.offset)

    def those(self, ids: Iterable[str]) -> dict[str, Device]:
        """The devices of these ids, by id; those that are not in the record are left out."""
        with self._session() as session:
            return {
                view.device.id: view.device for part in in_parts(sorted(set(ids))) for view in _these(session, part)
            }

    def device(self, asked: str) -> DeviceView | None:
        """The device with that id (or the beginning of only one), MAC, IP address or name; None if there is none.

        Raises:
            AmbiguousError: several devices answer to it; the message lists them.
        """
        with self._session() as session:
            ids = answering(session, asked.strip())
            if not ids:
                return None
            rows = session.execute(joined().where(tables.DeviceRow.id.in_(ids)).order_by(tables.DeviceRow.id)).all()
            if len(rows) > 1:
                raise AmbiguousError(asked, tuple((row[0].id, row[0].name) for row in rows))
            return views_of(session, rows)[0] if rows else None

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
        known("sort", query.sort, FINDING_SORTS)
        row = tables.FindingRow
        with self._session() as session:
            asked = select(row.id, row.fact).where(*finding_conditions(query))
            total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
            column = getattr(row, query.sort)
            asked = asked.order_by(column.desc() if query.descending else column.asc(), row.id).offset(query.offset)
            rows = session.execute(asked.limit(query.limit) if query.limit is not None else asked)
            return Page(tuple(from_text(Finding, fact, f"finding {id}") for id, fact in rows), total, query.offset)

    def finding(self, id: str) -> Finding | None:
        """The finding with that id."""
        return self._one(tables.FindingRow, Finding, id)

    def attackers(self) -> frozenset[str]:
        """The devices of which a finding speaks for a compromise that nobody lives with."""
        row = tables.FindingRow
        with self._session() as session:
            shows = func.json_extract(row.fact, "$.compromise") == 1
            asked = select(row.device).where(shows, unaccepted()).distinct()
            return frozenset(session.scalars(asked))

    def incidents(self, open_only: bool = False, device: str = "") -> tuple[Incident, ...]:
        """The incidents, newest first; only those not closed, or of one device, where asked."""
        row, link = tables.IncidentRow, tables.IncidentDeviceRow
        asked = select(row.id, row.fact).order_by(row.began.desc(), row.id)
        if open_only:
            asked = asked.where(row.closed == 0)
        if device:
            asked = asked.where(row.id.in_(select(link.incident).where(link.device == device)))
        return self._all(asked, Incident, "incident")

    def messages(self) -> tuple[Told, ...]:
        """What became of the messages of each channel that ever was, by name."""
        with self._session() as session:
            return tuple(outbox.tally(session.connection()))

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

    def baseline(self, device: str) -> Baseline | None:
        """What was learned to be normal for a device; None while nothing was."""
        return self._one(tables.BaselineRow, Baseline, device)

    def profile(self, device: str) -> Profile | None:
        """What the device usually does, as learned so far."""
        return self._one(tables.ProfileRow, Profile, device)

    def rhythm(self, device: str, hours: int = 24) -> tuple[RhythmCell, ...]:
        """The last hours of a device, oldest first; the last one holds the newest event of the record."""
        with self._session() as session:
            return rhythms_of(session, [device], hours)[device]

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
        here = row.known != "gone"
        with self._session() as session:
            counted = {value.value: 0 for value in Band}
            for band, count in session.execute(
                select(standing.band, func.count())
                .where(standing.device.not_in(select(row.id).where(row.known == "gone")), standing.band != "")
                .group_by(standing.band)
            ):
                counted[band] = count
            devices = session.scalar(select(func.count()).select_from(row).where(here)) or 0
            counted[""] = devices - sum(counted.values())
            grades = dict(session.execute(select(finding.severity, func.count()).group_by(finding.severity)).all())
            span = session.scalar(select(tables.SpanRow))
            return Totals(
                devices=devices,
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
            seen = ways(session)
        sources = self.sources()
        names = sorted({*traffic, *seen, *(source.segment for source in sources)})
        return tuple(coverage_of(name, sources, traffic.get(name, (0, 0)), seen.get(name, {})) for name in names)

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

    def places(self) -> dict[str, tuple[Facet, ...]]:
        """The locations, owners, zones and tags there are, most frequent first; nothing for those nobody gave."""
        row, tag, count = tables.DeviceRow, tables.TagRow, func.count()
        found = {
            name: tuple(facet for facet in self._facets(getattr(row, name)) if facet.value)
            for name in ("location", "owner", "zone")
        }
        with self._session() as session:
            tagged = session.execute(select(tag.tag, count).group_by(tag.tag).order_by(count.desc(), tag.tag))
            found["tag"] = tuple(Facet(value, devices) for value, devices in tagged)
        return found

    def _facets(self, column: Any) -> tuple[Facet, ...]:
        count, here = func.count(), tables.DeviceRow.known != "gone"
        with self._session() as session:
            rows = session.execute(select(column, count).where(here).group_by(column).order_by(count.desc(), column))
            return tuple(Facet(value, devices) for value, devices in rows)


def _these(session: Session, ids: list[str]) -> tuple[DeviceView, ...]:
    """The devices of these ids, in their order; one that has gone meanwhile is left out."""
    found = session.execute(joined().where(tables.DeviceRow.id.in_(ids)))
    rows = {device.id: (device, *rest) for device, *rest in found}
    return views_of(session, [rows[id] for id in ids if id in rows])
