"""Which incident was told on which channel: what is not there yet, or is due again, is to be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select

from cordon.model.incident import Incident
from cordon.store import saving, tables
from cordon.store.plain import from_text

BEGUN = ""  # the row of a channel itself


@dataclass(frozen=True, slots=True)
class Untold:
    """An incident that is due on a channel: so often tried in vain, first at `since` (µs, wall clock; 0: never)."""

    incident: Incident
    tries: int = 0
    since: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the messages of a channel. Times are µs of the wall clock; 0: never."""

    channel: str
    sent: int = 0
    waiting: int = 0
    given_up: int = 0
    last: int = 0
    error: str = ""


def begin(connection: Connection, channel: str, now: int) -> None:
    """From now on incidents are told on that channel; those that are there already are not."""
    row = tables.MessageRow
    if connection.scalar(select(func.count()).where(row.channel == channel, row.incident == BEGUN)):
        return
    known = [BEGUN, *connection.scalars(select(tables.IncidentRow.id))]
    saving.replace(connection, row, [_row(channel, incident, "before", now) for incident in known])


def untold(connection: Connection, channel: str, least: int, now: int) -> Iterator[Untold]:
    """The incidents that are due, the oldest first."""
    row, incident = tables.MessageRow, tables.IncidentRow
    on = (row.incident == incident.id) & (row.channel == literal(channel))
    asked = (
        select(incident.fact, row.tries, row.since)
        .outerjoin(row, on)
        .where(incident.severity >= int(least))
        .where(row.state.is_(None) | ((row.state == "waiting") & (row.due <= now)))
        .order_by(incident.began, incident.id)
    )
    for fact, tries, since in connection.execute(asked).all():
        yield Untold(from_text(Incident, fact, "incident"), tries or 0, since or 0)


def mark(
    connection: Connection, channel: str, incident: str, state: str, *, now: int, tries: int = 0, since: int = 0,
    due: int = 0, error: str = "",
) -> None:  # fmt: skip
    """Keeps what became of a message: before (its channel), waiting, sent, given-up."""
    saving.replace(connection, tables.MessageRow, [_row(channel, incident, state, now, tries, since, due, error)])


def tally(connection: Connection) -> Iterator[Told]:
    """What became of the messages of each channel, by name."""
    row = tables.MessageRow
    for channel in connection.scalars(select(row.channel).distinct().order_by(row.channel)).all():
        of = select(func.count()).where(row.channel == channel)
        sent, waiting, given_up = (
            connection.scalar(of.where(row.state == state)) or 0 for state in ("sent", "waiting", "given-up")
        )
        last = connection.scalar(select(func.max(row.time)).where(row.channel == channel, row.state == "sent")) or 0
        asked = select(row.error).where(row.channel == channel, row.error != "").order_by(row.time.desc()).limit(1)
        yield Told(channel, sent, waiting, given_up, last, connection.scalar(asked) or "")


def _row(
    channel: str, incident: str, state: str, now: int, tries: int = 0, since: int = 0, due: int = 0, error: str = ""
) -> dict[str, Any]:
    return {
        "channel": channel, "incident": incident, "state": state, "time": now, "tries": tries, "since": since,
        "due": due, "error": error[:500],
    }  # fmt: skip
