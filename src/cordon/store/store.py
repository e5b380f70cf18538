"""A state folder: what Cordon knows of a site, in one place."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.exc import DatabaseError

from cordon.model.edit import Edit
from cordon.model.exposure import Acceptance, Word
from cordon.model.facts import Facts
from cordon.model.verdict import Verdict
from cordon.store import exposing, history, judging, outbox, record, saving, tables, telling
from cordon.store import folder as folders
from cordon.store.errors import StateError
from cordon.store.lock import WriterLock
from cordon.store.people import Imported, Question
from cordon.store.plain import to_text
from cordon.store.reading import Reading
from cordon.store.views import Source


class Store(Reading):
    """The record and the history of one folder. Use it as a context manager, or call `close`.

    One writer at a time; any number of readers beside it, also through the writer's own object.
    """

    def __init__(self, folder: Path, engine: Engine, kind: str, lock: WriterLock | None) -> None:
        super().__init__(folder, engine)
        self.kind = kind
        self._lock = lock
        self._turn = threading.Lock()  # people speak while a step is saved; one of them has its turn
        self._number = 0
        self._parts: Counter[tuple[str, str]] = Counter()

    @classmethod
    def open(cls, folder: Path, *, write: bool = False, demo: bool = False, what: str = "cordon") -> "Store":
        """Opens a state; for writing it is made where there is none, and `what` tells others who has it.

        Raises:
            NoStateError: nothing is recorded there, and it is opened for reading.
            StateError: in use by another writer, of a newer version, damaged, no folder, or not permitted.
        """
        if not write:
            kind = folders.check_readable(folder).kind
            engine = record.connect(folder, write=False)
            record.check(engine, folder)
            return cls(folder, engine, kind, None)
        folders.prepare(folder)
        with ExitStack() as undo:
            lock = WriterLock(folder, what)
            undo.callback(lock.release)
            kind = folders.mark(folder, demo).kind
            folders.secret_key(folder)
            engine = record.connect(folder, write=True)
            undo.callback(engine.dispose)
            record.upgrade(engine, folder)
            store = cls(folder, engine, kind, lock)
            store._tidy()
            undo.pop_all()
            return store

    def close(self) -> None:
        """Closes the record and lets the next writer in."""
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def stages(self) -> Path:
        """Where the pipeline keeps the states of its stages."""
        return self.folder / "stages"

    @property
    def feeds(self) -> Path:
        """Where the feeds of threat intelligence are kept (see `cordon.model.threats`)."""
        return self.folder / "feeds"

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo site, not a real one."""
        return self.kind == "demo"

    @property
    def secret_key(self) -> bytes:
        """The 32 bytes with which secrets seen on the wire are hashed.

        Raises:
            StateError: the key cannot be read.
        """
        return folders.secret_key(self.folder)

    def save(self, facts: Facts) -> None:
        """Keeps all facts of one step, or, should it fail, none.

        Raises:
            StateError: it was not opened for writing, or cannot be written (the disk is full, say).
        """
        self._writable()
        try:
            parts = self._write_history(facts)
            with self._turn, self._engine.begin() as connection:
                saving.save(connection, facts)
                saving.replace(connection, tables.PartRow, parts)
            self._compact({place for part in parts if (place := self._many(part["table"], part["day"]))})
        except (DatabaseError, OSError) as error:
            raise StateError(f"{self.folder} cannot be written to ({getattr(error, 'orig', error)}).") from None

    def save_source(self, source: Source) -> None:
        """Keeps what was read; a newer account of the same id replaces the older.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            row = {"id": source.id, "begin": source.begin, "fact": to_text(source)}
            saving.replace(connection, tables.SourceRow, [row])
            if source.end:
                saving.widen(connection, source.begin, source.end)

    def tell(self, words: Sequence[Word]) -> None:
        """Keeps what people say: of devices, where it stands before what was discovered, of exposures and findings.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            telling.say(connection, [word for word in words if isinstance(word, Edit)], ask=True)
            exposing.say(connection, [word for word in words if isinstance(word, Acceptance)])
            judging.say(connection, [word for word in words if isinstance(word, Verdict)])

    def take_in(self, imported: Imported) -> None:
        """Keeps all that an imported file says, or, should it fail, nothing.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            telling.hear(connection, imported.devices, imported.heard)
            telling.say(connection, imported.edits)

    def answer(self, question: Question) -> None:
        """Keeps what a person answered; the same is not asked again.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            telling.answer(connection, question)

    def answer_nameless(self, who: str, time: int) -> None:
        """Nobody knows what the devices are that have no name yet; they are not asked about again.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            telling.answer_nameless(connection, who, time)

    def begin_telling(self, channel: str, now: int) -> None:
        """From now on (µs, wall clock) incidents are told on that channel; those that are there already are not.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            outbox.begin(connection, channel, now)

    def untold(self, channel: str, least: int, now: int) -> tuple[outbox.Untold, ...]:
        """The incidents of at least that severity that are due on a channel, the oldest first."""
        with self._engine.connect() as connection:
            return tuple(outbox.untold(connection, channel, least, now))

    def told(self, channel: str, incident: str, now: int) -> None:
        """The incident was told on that channel.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        with self._writing() as connection:
            outbox.mark(connection, channel, incident, "sent", now=now)

    def not_told(self, channel: str, untold: outbox.Untold, now: int, due: int, error: str) -> None:
        """The incident could not be told on that channel; it is due again then, or (0) given up.

        Raises:
            StateError: it was not opened for writing, or cannot be written.
        """
        state, since = "waiting" if due else "given-up", untold.since or now
        with self._writing() as connection:
            tries = untold.tries + 1
            outbox.mark(
                connection, channel, untold.incident.id, state, now=now, tries=tries, since=since, due=due, error=error
            )

    def forget(self, before: int) -> int:
        """Deletes the history of days that ended before a time (µs); says how many day folders went.

        Raises:
            StateError: it was not opened for writing.
        """
        self._writable()
        row = tables.PartRow
        with self._engine.begin() as connection:
            old = connection.execute(select(row.table, row.day).where(row.day < history.day_of(before)).distinct())
            gone = list(old)
            connection.execute(delete(row).where(row.day < history.day_of(before)))
        for table, day in gone:
            shutil.rmtree(history.path(self.folder, table, day, ""), ignore_errors=True)
        return len(gone)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction of the record."""
        self._writable()
        try:
            with self._turn, self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            raise StateError(f"{self.folder} cannot be written to ({error.orig}).") from None

    def _writable(self) -> None:
        if self._lock is None:
            raise StateError(f"{self.folder} was opened for reading only.")

    def _write_history(self, facts: Facts) -> list[dict[str, Any]]:
        frames = {name: facts.window.table(name) for name in history.KEPT if name != "talks"}
        if facts.talks is not None:
            frames["talks"] = facts.talks
        parts = []
        for table, frame in frames.items():
            for day, rows in history.split(table, frame):
                part: dict[str, Any] = {"table": table, "day": day, "file": self._next_file(0), "level": 0}
                history.write(history.path(self.folder, table, day, part["file"]), rows)
                parts.append(part)
        return parts

    def _next_file(self, level: int) -> str:
        self._number += 1
        return f"{level}-{self._number:09d}.parquet"

    def _many(self, table: str, day: str) -> tuple[str, str] | None:
        """Where a part was added, if it is time to look whether there are many; now and then is often enough."""
        self._parts[table, day] += 1
        return (table, day) if self._parts[table, day] % (history.MANY // 3) == 0 else None

    def _compact(self, touched: set[tuple[str, str]]) -> None:
        """Makes one file of many, level by level, where a save left many."""
        row = tables.PartRow
        for table, day in sorted(touched):
            level = 0
            while True:
                here = (row.table == table, row.day == day, row.level == level)
                with self._engine.connect() as connection:
                    files = list(connection.scalars(select(row.file).where(*here).order_by(row.file)))
                if len(files) < history.MANY:
                    break
                whole = history.scan(self.folder, table, [(day, file) for file in files]).collect()
                level += 1
                part: dict[str, Any] = {"table": table, "day": day, "file": self._next_file(level), "level": level}
                history.write(history.path(self.folder, table, day, part["file"]), whole)
                with self._engine.begin() as connection:
                    connection.execute(delete(row).where(*here))
                    saving.replace(connection, row, [part])

    def _tidy(self) -> None:
        """Deletes history files that do not count, and goes on numbering after those that do."""
        row = tables.PartRow
        with self._engine.connect() as connection:
            known = set(connection.execute(select(row.table, row.day, row.file)))
            self._number = int(connection.scalar(select(func.max(func.substr(row.file, 3, 9)))) or 0)
        for path in (self.folder / "history").glob("*/*/*"):
            if (path.parent.parent.name, path.parent.name, path.name) not in known:
                path.unlink(missing_ok=True)
