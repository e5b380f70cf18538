"""Keeps what people say of findings: every word for good, and the mark of the finding it was said of."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select
from sqlalchemy import update as change
from sqlalchemy.dialects.sqlite import insert as upsert

from cordon.model.finding import Finding
from cordon.model.verdict import Verdict, standing
from cordon.store import tables
from cordon.store.opened import Opened
from cordon.store.plain import from_text, to_text
from cordon.store.standing import stand_by_findings


def say(connection: Connection, words: Sequence[Verdict]) -> None:
    """Keeps words, and marks the findings they are of at once."""
    if not words:
        return
    rows = [{"id": w.id, "finding": w.finding, "time": w.time, "who": w.who, "fact": to_text(w)} for w in words]
    connection.execute(upsert(tables.VerdictRow).on_conflict_do_nothing(), rows)
    row = tables.FindingRow
    for word in sorted(words, key=lambda one: one.time):
        fact = connection.scalar(select(row.fact).where(row.id == word.finding))
        if fact is not None:
            known = from_text(Finding, fact, f"finding {word.finding}")
            marked = to_text(replace(known, accepted=word.id if word.fine and not word.withdrawn else ""))
            connection.execute(change(row).where(row.id == word.finding).values(fact=marked))
            stand_by_findings(connection, [known.device])


class Verdicts(Opened):
    """The part of reading that is of what people said of findings."""

    def verdicts(self, finding: str = "", *, at: int = 0) -> tuple[Verdict, ...]:
        """Everything that people said of one finding or of any, oldest first; with `at` (µs) what holds then."""
        row = tables.VerdictRow
        asked = select(row.id, row.fact).order_by(row.time, row.number)
        said = self._all(asked.where(row.finding == finding) if finding else asked, Verdict, "verdict")
        return standing(said, at) if at else said

    def verdict(self, id: str) -> Verdict | None:
        """The latest word of that id."""
        row = tables.VerdictRow
        asked = select(row.id, row.fact).where(row.id == id).order_by(row.time.desc(), row.number.desc()).limit(1)
        return next(iter(self._all(asked, Verdict, "verdict")), None)
