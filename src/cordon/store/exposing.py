"""Keeps exposures, and what people say of living with them: every word for good, beside what holds now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from cordon.model.exposure import Acceptance, Exposure, with_word
from cordon.store import tables
from cordon.store.plain import from_text, to_text


def save(connection: Connection, exposures: Sequence[Exposure]) -> None:
    """Keeps the newest fact of each exposure."""
    newest = {one.id: one for one in exposures}
    if newest:
        statement = upsert(tables.ExposureRow)
        others = {name: statement.excluded[name] for name in _row(exposures[0]) if name != "id"}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=others), [_row(one) for one in newest.values()]
        )


def say(connection: Connection, words: Sequence[Acceptance]) -> None:
    """Keeps words, and lets the exposures they are of follow at once; the stage tells the same when it comes to it."""
    if not words:
        return
    rows = [{name: getattr(word, name) for name in Acceptance.__dataclass_fields__} for word in words]
    connection.execute(upsert(tables.AcceptanceRow).on_conflict_do_nothing(), rows)
    row = tables.ExposureRow
    for word in sorted(words, key=lambda one: one.time):
        fact = connection.scalar(select(row.fact).where(row.id == word.exposure))
        if fact is not None:
            known = from_text(Exposure, fact, f"exposure {word.exposure}")
            save(connection, [with_word(known, word, known.time)])


def _row(one: Exposure) -> dict[str, Any]:
    return {
        "id": one.id,
        "device": one.device,
        "check": one.check,
        "severity": int(one.severity),
        "standing": one.standing.value,
        "time": one.time,
        "fact": to_text(one),
    }
