"""The one thread that writes: it owns the state and the pipeline, and reads what it is given, one after another."""

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from cordon.config import Config
from cordon.feed import Account, Checkpoint, Feed, feed, hand_on
from cordon.messages import Channel, Postman
from cordon.model.exposure import Word
from cordon.model.facts import Facts
from cordon.model.ids import derive
from cordon.model.tables import DAY, SECOND
from cordon.pipeline import Health, Pipeline
from cordon.server.live import Hub
from cordon.server.spool import discard
from cordon.sources import SourceError, open_source, own_macs
from cordon.sources.prints import fingerprint
from cordon.store import Imported, Question, StateError, Store

log = structlog.get_logger()

KEPT_JOBS: Final = 50
SAVE_EVERY: Final = 600 * SECOND
"""What the stages have learned of what is watched is saved each ten minutes of event time."""


@dataclass(slots=True)
class Job:
    """Something to be read, and how far that is. `state` is waiting, reading, done or failed."""

    id: str
    label: str
    open: Callable[[Store, "Job"], Feed | None]
    after: Callable[[], None] = lambda: None
    name: str = "capture"
    state: str = "waiting"
    done: int = 0
    all: int = 0
    error: str = ""
    account: Account | None = None
    already_read: list[str] = field(default_factory=list)
    last: int = 0  # event time reached, µs
    checkpoint: Checkpoint | None = None  # of what has no end
    stop: Callable[[], None] | None = None  # ends what has no end, so that what was seen is kept

    @property
    def is_live(self) -> bool:
        """Whether it is something that goes on until it is stopped."""
        return self.checkpoint is not None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in {"done", "failed"}


_WORDS: Final = Job("", "what people said", lambda _store, _job: None)
"""Wakes the writer where nothing is read: people said something."""


class Stopped(Exception):  # noqa: N818  # no error: the server ends
    """Raised inside a reading to end it between two windows."""


@dataclass(slots=True)
class Worker:
    """Reads jobs in their order. Start it, add jobs, stop it."""

    folder: Path
    config: Config
    hub: Hub
    demo: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)  # set when reading should end soon
    jobs: dict[str, Job] = field(default_factory=dict)
    health: Health = field(default_factory=Health)
    _queue: "queue.Queue[Job | None]" = field(default_factory=queue.Queue)
    _words: "queue.Queue[tuple[Word, ...]]" = field(default_factory=queue.Queue)
    _thread: threading.Thread | None = None
    _opened: "queue.Queue[StateError | ValueError | None]" = field(default_factory=queue.Queue)
    _number: int = 0
    _store: Store | None = None

    def start(self) -> None:
        """Opens the state for writing and begins.

        Raises:
            StateError: it cannot be written, or somebody else writes it.
            ValueError: the saved states of the stages are damaged.
        """
        self.stopping.clear()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()
        failed = self._opened.get()
        if failed is not None:
            self._thread.join()
            self._thread = None
            raise failed

    def stop(self) -> None:
        """Ends after the window being read and lets the state go; what is watched is told to its end."""
        self.stopping.set()
        for job in list(self.jobs.values()):
            if job.stop is not None:
                job.stop()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def read_captures(self, files: tuple[Path, ...]) -> Job:
        """Adds spooled captures to what is to be read, as one; those read before are left out."""

        def opened(store: Store, job: Job) -> Feed | None:
            known = {print_ for source in store.sources() for print_ in source.prints}
            fresh = [file for file in files if fingerprint(file) not in known]
            job.already_read = [file.name for file in files if file not in fresh]
            if not fresh:
                return None
            return open_source(
                fresh,
                site=self.config.site,
                window=self.config.window(live=False),
                segment=self.config.segment,
                secret_key=store.secret_key,
                networks=self.config.networks,
            )

        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        return self.read(files[0].name + more, opened, after=lambda: discard(files))

    @property
    def watches(self) -> str:
        """What is being watched; "" when nothing is."""
        return next((job.label for job in list(self.jobs.values()) if job.is_live and not job.ended), "")

    def watch(
        self, label: str, opened: Callable[[Store, Job], Feed | None], after: Callable[[], None], name: str
    ) -> Job:
        """Adds something that has no end; what is learned of it is saved now and then. Nothing is read beside it."""

        def retain() -> None:
            if self._store is not None:
                self._forget(self._store)

        return self.read(label, opened, after, name, Checkpoint(SAVE_EVERY, retain))

    def read(
        self,
        label: str,
        opened: Callable[[Store, Job], Feed | None],
        after: Callable[[], None] = lambda: None,
        name: str = "capture",
        checkpoint: Checkpoint | None = None,
    ) -> Job:
        """Adds something to what is to be read; `after` is called when it ended, well or not."""
        self._number += 1
        job = Job(derive("capture", id(self), self._number), label, opened, after, name, checkpoint=checkpoint)
        ended = [known.id for known in self.jobs.values() if known.ended]
        for old in ended[: max(0, len(self.jobs) - KEPT_JOBS)]:
            del self.jobs[old]
        self.jobs[job.id] = job
        self._queue.put(job)
        self.tell(job)
        return job

    def telling(self, channels: Sequence[Channel]) -> Postman:
        """Tells people of incidents on these channels until the postman is stopped.

        Raises:
            StateError: the state cannot be written.
        """
        postman = Postman(self._kept(), channels)
        postman.start()
        return postman

    def say(self, words: Sequence[Word]) -> None:
        """Keeps what people say at once; the stages take it in before the next window, or now where nothing is read.

        Raises:
            StateError: the state cannot be written.
        """
        self._kept().tell(words)
        self._spoken(words)

    def take_in(self, imported: Imported) -> None:
        """Keeps what an imported file says, as `say` does.

        Raises:
            StateError: the state cannot be written; nothing was kept.
        """
        self._kept().take_in(imported)
        self._spoken(imported.edits)

    def answer(self, question: Question) -> None:
        """Keeps what a person answered.

        Raises:
            StateError: the state cannot be written.
        """
        self._kept().answer(question)

    def answer_nameless(self, who: str, time: int) -> None:
        """Nobody knows what the devices are that have no name: they are not asked about again.

        Raises:
            StateError: the state cannot be written.
        """
        self._kept().answer_nameless(who, time)

    def _kept(self) -> Store:
        if self._store is None:
            raise StateError(f"{self.folder} is not open for writing; start Cordon anew.")
        return self._store

    def _spoken(self, words: Sequence[Word]) -> None:
        self._words.put(tuple(words))
        self._queue.put(_WORDS)
        self.hub.tell("facts", last=0, changed=True)

    def _hand_on(self, store: Store, pipeline: Pipeline) -> bool:
        """Lets the stages take in what people said meanwhile; whether there was anything."""
        words: list[Word] = []
        with contextlib.suppress(queue.Empty):
            while True:
                words += self._words.get_nowait()
        if words:
            hand_on(words, pipeline, store)
        return bool(words)

    def tell(self, job: Job) -> None:
        """Tells open pages how far a job is."""
        self.hub.tell(
            "progress", id=job.id, label=job.label, state=job.state, done=job.done, all=job.all, error=job.error
        )

    def _run(self) -> None:
        try:
            store = Store.open(self.folder, write=True, demo=self.demo, what="cordon serve")
        except StateError as error:
            self._opened.put(error)
            return
        with store:
            try:
                settings = self.config.declaring(own_macs()) if self.config.watch else self.config
                pipeline = Pipeline(self.config.site, settings, store.secret_key, store.stages, store.feeds)
            except ValueError as error:
                self._opened.put(error)
                return
            self.health = pipeline.health
            self._store = store
            self._opened.put(None)
            while (job := self._queue.get()) is not None and not self.stopping.is_set():
                if job is not _WORDS:
                    self._read(job, store, pipeline)
                elif self._hand_on(store, pipeline):
                    pipeline.save(store.stages)
            if self._hand_on(store, pipeline):
                pipeline.save(store.stages)

    def _read(self, job: Job, store: Store, pipeline: Pipeline) -> None:
        job.state = "reading"
        self.tell(job)

        def progress(done: int, all_: int) -> None:
            job.done, job.all = done, all_
            self._hand_on(store, pipeline)
            self.tell(job)
            if self.stopping.is_set() and not job.is_live:
                raise Stopped

        def saved(facts: Facts) -> None:
            job.last = facts.window.end
            self._announce(facts)

        try:
            source = job.open(store, job)
            job.account = (
                feed(
                    source,
                    pipeline,
                    store,
                    name=getattr(source, "kind", job.name),
                    progress=progress,
                    saved=saved,
                    checkpoint=job.checkpoint,
                )
                if source
                else Account()
            )
            self._forget(store)
            job.state = "done"
        except (SourceError, StateError, OSError) as error:
            job.state, job.error = "failed", str(error)
            log.warning("reading failed", label=job.label, error=str(error))
        except Stopped:
            job.state, job.error = "failed", "Cordon was stopped while reading it; read it again into a new state."
            pipeline.save(store.stages)
        finally:
            job.stop = None
            job.after()
            self.tell(job)
            self.hub.tell("facts", last=job.last, changed=True)

    def _forget(self, store: Store) -> None:
        """Lets go of traffic older than is to be kept."""
        store.forget(store.as_of() - self.config.retention_days * DAY)

    def _announce(self, facts: Facts) -> None:
        for finding in facts.findings:
            if finding.accepted:
                continue  # a person lives with it
            self.hub.tell("finding", id=finding.id, says=finding.says, severity=finding.severity.name.lower())
        for decision in facts.decisions:
            self.hub.tell("decision", id=decision.id, device=decision.device, says=decision.says)
        self.hub.tell(
            "facts",
            last=facts.window.end,
            changed=any(
                (facts.devices, facts.findings, facts.exposures, facts.trusts, facts.incidents, facts.decisions)
            ),
        )
