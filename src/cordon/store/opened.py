"""An opened record: the session of a question, and facts out of its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cordon.store.errors import StateError
from cordon.store.plain import Fact, from_text


class Opened:
    """The record of a folder, opened; safe to use from several threads."""

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

    def _one(self, table: Any, kind: type[Fact], id: str) -> Fact | None:
        with self._session() as session:
            row = session.get(table, id)
            return None if row is None else from_text(kind, row.fact, f"{table.__tablename__} {id}")

    def _all(self, asked: Select[str, str], kind: type[Fact], what: str) -> tuple[Fact, ...]:
        with self._session() as session:
            return tuple(from_text(kind, fact, f"{what} {id}") for id, fact in session.execute(asked).all())
