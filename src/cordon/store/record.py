"""The record's database: how it is opened, and how it is brought to the newest revision."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError

from cordon.store.errors import StateError

REVISION = "0005"
"""The newest revision in `migrations/versions`; a test holds it against them."""


def connect(folder: Path, *, write: bool) -> Engine:
    """The engine of a folder's record.

    A reader of a folder it may not write to asks SQLite not to look for other writers, unless there is one's log.
    """
    path = folder / "record.sqlite"
    if write:
        engine = create_engine(f"sqlite:///{path}")
    else:
        still = not os.access(folder, os.W_OK, effective_ids=True) and not (folder / "record.sqlite-wal").exists()
        quoted = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        engine = create_engine(f"sqlite:///file:{quoted}?mode=ro{'&immutable=1' if still else ''}&uri=true")

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        connection.execute("pragma busy_timeout = 10000")
        if write:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")

    return engine


def upgrade(engine: Engine, folder: Path) -> None:
    """Brings the record to the newest revision, or makes a new one.

    Raises:
        StateError: it is no record, or from a newer version.
    """
    with _explained(folder), engine.connect() as connection:
        found = _revision(connection)
    if found == REVISION:
        return
    _check(found, folder)
    from alembic import command  # noqa: PLC0415  # takes longer to load than most commands run
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with _explained(folder), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine, folder: Path) -> None:
    """Makes sure that the record can be read by this version.

    Raises:
        StateError: it is no record, or from another version.
    """
    with _explained(folder), engine.connect() as connection:
        found = _revision(connection)
    _check(found, folder)
    if found != REVISION:
        raise StateError(
            f"{folder} was written by an older Cordon; open it for writing once (cordon open) to upgrade it."
        )


def _revision(connection: Any) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("select version_num from alembic_version")) or ""


def _check(found: str, folder: Path) -> None:
    if found > REVISION:
        raise StateError(
            f"{folder} was written by a newer Cordon (record {found}, this one knows {REVISION}); "
            "use that version, or another folder with --state."
        )


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise StateError(f"{folder / 'record.sqlite'} cannot be used ({error.orig}).") from None
