"""How devices stand: their newest score, and their findings in short. Derived, to sort and filter by."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from cordon.store import tables
from cordon.store.device_rows import in_parts


def stand(connection: Connection, said: Sequence[dict[str, Any]], blank: dict[str, Any]) -> None:
    """What is said of each device replaces what was; of one that is new the rest is `blank`."""
    if not said:
        return
    statement = upsert(tables.StandingRow)
    new = {name: statement.excluded[name] for name in said[0] if name != "device"}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["device"], set_=new), [blank | one for one in said]
    )


def stand_by_findings(connection: Connection, devices: Iterable[str]) -> None:
    """How these devices stand by their findings; what a person lives with makes none look worse."""
    row, said = tables.FindingRow, []
    for part in in_parts(sorted(set(devices))):
        ranked = (
            select(
                row.device,
                func.count().over(partition_by=row.device).label("findings"),
                row.id.label("latest_finding"),
                row.severity.label("latest_severity"),
                func.max(case((unaccepted(), row.severity))).over(partition_by=row.device).label("worst_severity"),
                func.row_number().over(partition_by=row.device, order_by=(row.noticed.desc(), row.id)).label("place"),
            )
            .where(row.device.in_(part))
            .subquery()
        )
        latest = select(*(column for column in ranked.c if column.name != "place")).where(ranked.c.place == 1)
        said += [dict(one) for one in connection.execute(latest).mappings()]
    stand(connection, said, {"band": "", "trust": ""})


def unaccepted() -> ColumnElement[bool]:
    """Whether nobody lives with the finding of a row."""
    return func.coalesce(func.json_extract(tables.FindingRow.fact, "$.accepted"), "") == ""
