"""One save: facts into rows. Newer facts replace older ones, counters add up."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, case, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from cordon.model.device import DeviceEvent, Turn
from cordon.model.facts import Facts
from cordon.model.finding import Finding
from cordon.model.incident import Incident
from cordon.model.trust import Trust
from cordon.store import exposing, judging, tables, telling
from cordon.store.plain import to_text
from cordon.store.standing import stand, stand_by_findings

Row = dict[str, Any]

EVER: Final = 1 << 62
"""Later than any event, µs."""


def save(connection: Connection, facts: Facts) -> None:
    """All facts but the traffic."""
    telling.meet(connection, facts.devices)
    telling.say(connection, facts.edits)
    replace(connection, tables.BindingRow, [_plain(binding) for binding in facts.bindings])
    save_presence(connection, presence(facts.presence, facts.talks))
    take_over(connection, facts.events)
    if facts.rhythm is not None:
        replace(connection, tables.RhythmRow, facts.rhythm.to_dicts())
    baselines = {one.device: to_text(one) for one in facts.baselines}  # the last of several stands
    replace(connection, tables.BaselineRow, [{"device": of, "fact": fact} for of, fact in baselines.items()])
    save_findings(connection, facts.findings)
    exposing.save(connection, facts.exposures)
    exposing.say(connection, facts.acceptances)
    judging.say(connection, facts.verdicts)
    save_trusts(connection, facts.trusts)
    replace(connection, tables.ProfileRow, [{"device": fact.device, "fact": to_text(fact)} for fact in facts.profiles])
    replace(
        connection,
        tables.DecisionRow,
        [{"id": d.id, "device": d.device, "time": d.time, "fact": to_text(d)} for d in facts.decisions],
    )
    replace(
        connection,
        tables.ChangeRow,
        [{"id": change.id, "decision": change.decision, "fact": to_text(change)} for change in facts.changes],
    )
    save_incidents(connection, facts.incidents)
    save_traffic(connection, facts)
    save_span(connection, facts)


def replace(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    """Inserts rows; those with a key that is there already are replaced."""
    if not rows:
        return
    keys = [column.name for column in table.__table__.primary_key]
    statement = upsert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others)
        if others
        else statement.on_conflict_do_nothing(),
        list(rows),
    )


def add(connection: Connection, table: Any, rows: Sequence[Row], least: Iterable[str], most: Iterable[str]) -> None:
    """Inserts rows of counters; with a key that is there already they are added up, but for the named bounds."""
    if not rows:
        return
    keys = [column.name for column in table.__table__.primary_key]
    statement = upsert(table)
    new, least, most = statement.excluded, set(least), set(most)
    values: Row = {}
    for name in rows[0]:
        if name in keys:
            continue
        old = table.__table__.c[name]
        if name in least:
            values[name] = case((new[name] < func.coalesce(old, EVER), new[name]), else_=old)
        elif name in most:
            values[name] = case((new[name] > func.coalesce(old, 0), new[name]), else_=old)
        else:
            values[name] = old + new[name]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def presence(seen: pl.DataFrame | None, talks: pl.DataFrame | None) -> list[Row]:
    """What presence and talks together say of each device; times are None for one that was not heard."""
    rows: dict[str, Row] = {}
    blank = {"unicast_out": 0, "unicast_in": 0, "group_packets": 0}
    for row in seen.to_dicts() if seen is not None else ():
        rows[row["device"]] = row | blank
    if talks is None or talks.is_empty():
        return list(rows.values())
    alone = pl.col("scope").is_in(["internet", "local"])
    ways = talks.group_by("device").agg(
        pl.col("packets_out").filter(alone).sum().alias("unicast_out"),
        pl.col("packets_in").filter(alone).sum().alias("unicast_in"),
        (pl.col("packets_out") + pl.col("packets_in")).filter(~alone).sum().alias("group_packets"),
    )
    for way in ways.sort("device").to_dicts():
        if way["device"] in rows:
            rows[way["device"]].update(way)
    return list(rows.values())


def save_presence(connection: Connection, rows: Sequence[Row]) -> None:
    """The counters of devices."""
    add(connection, tables.PresenceRow, rows, least=["first_seen"], most=["last_seen"])


def take_over(connection: Connection, events: Iterable[DeviceEvent]) -> None:
    """A device was seen as long as the one that became a part of it; the counters stay with that one's own id."""
    row = tables.PresenceRow
    for event in events:
        if event.what is not Turn.JOINED:
            continue
        seen = connection.execute(select(row.first_seen, row.last_seen).where(row.device == event.other)).one_or_none()
        if seen is not None and seen[0] is not None:
            first = case((row.first_seen > seen[0], seen[0]), else_=row.first_seen)
            last = case((row.last_seen < seen[1], seen[1]), else_=row.last_seen)
            values = {"first_seen": first, "last_seen": last}
            connection.execute(update(row).where(row.device == event.device).values(**values))


def save_findings(connection: Connection, findings: Sequence[Finding]) -> None:
    """The findings, and how their devices stand by them."""
    replace(connection, tables.FindingRow, [_finding_row(finding) for finding in findings])
    stand_by_findings(connection, {finding.device for finding in findings})


def _finding_row(finding: Finding) -> Row:
    return {
        "id": finding.id,
        "device": finding.device,
        "detector": finding.detector,
        "family": finding.family,
        "severity": int(finding.severity),
        "began": finding.began,
        "noticed": finding.noticed,
        "says": finding.says,
        "fact": to_text(finding),
    }


def save_trusts(connection: Connection, trusts: Sequence[Trust]) -> None:
    """The scores as history, and the newest of each device as how it stands."""
    texts = [to_text(trust) for trust in trusts]
    replace(
        connection,
        tables.TrustRow,
        [{"device": trust.device, "time": trust.time, "fact": text} for trust, text in zip(trusts, texts, strict=True)],
    )
    newest: dict[str, tuple[Trust, str]] = {}
    for trust, text in zip(trusts, texts, strict=True):
        if trust.device not in newest or newest[trust.device][0].time <= trust.time:
            newest[trust.device] = (trust, text)
    said = [
        {"device": device, "score": trust.score, "band": trust.band.value, "trust": text}
        for device, (trust, text) in newest.items()
    ]
    stand(connection, said, {"findings": 0, "latest_finding": ""})


def save_incidents(connection: Connection, incidents: Sequence[Incident]) -> None:
    """The incidents, and which devices they concern."""
    replace(
        connection,
        tables.IncidentRow,
        [
            {"id": i.id, "severity": i.severity, "began": i.began, "closed": i.closed, "fact": to_text(i)}
            for i in incidents
        ],
    )
    links = [{"device": device, "incident": i.id} for i in incidents for device in sorted({*i.devices, i.patient_zero})]
    replace(connection, tables.IncidentDeviceRow, links)


def save_traffic(connection: Connection, facts: Facts) -> None:
    """How much went over each segment."""
    flows = facts.window.table("flows")
    if flows.is_empty():
        return
    sums = flows.group_by("segment").agg(
        (pl.col("packets_out") + pl.col("packets_in")).sum().alias("packets"),
        (pl.col("bytes_out") + pl.col("bytes_in")).sum().alias("bytes"),
    )
    rows = [{"site": facts.window.site, **row} for row in sums.sort("segment").to_dicts()]
    add(connection, tables.SegmentRow, rows, least=(), most=())


def save_span(connection: Connection, facts: Facts) -> None:
    """From when until when there are events."""
    times = [finding.noticed for finding in facts.findings] + [trust.time for trust in facts.trusts]
    if facts.presence is not None:
        heard = facts.presence.select(pl.col("first_seen").min(), pl.col("last_seen").max()).row(0)
        times += [time for time in heard if time is not None]
    if times:
        widen(connection, min(times), max(times))


def widen(connection: Connection, first: int, last: int) -> None:
    """Makes the span of events hold these times too."""
    add(connection, tables.SpanRow, [{"id": 1, "first": first, "last": last}], ["first"], ["last"])


def _plain(fact: Any) -> Row:
    return {name: getattr(fact, name) for name in fact.__dataclass_fields__}
