"""The loop that feeds a pipeline from a source and keeps what comes out."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cordon.model.exposure import Word
from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.ids import derive
from cordon.model.window import Window
from cordon.store import Source, Store

Progress = Callable[[int, int], None]
"""Told how many bytes were read, and how many there are."""


class Feed(Protocol):
    """What can be read to its end, as `cordon.sources.CaptureSource`."""

    segment: str

    def __iter__(self) -> Iterator[Window]: ...
    @property
    def label(self) -> str:
        """What people call it."""

    def progress(self) -> tuple[int, int]:
        """Bytes read so far, and in all."""

    def stats(self) -> dict[str, int]:
        """Counters so far: packets, bytes, flows, first, last."""

    def damaged(self) -> dict[str, int]:
        """Damage so far."""


class Pipe(Protocol):
    """What turns windows into facts, as `cordon.pipeline.Pipeline`."""

    def advance(self, window: Window) -> Iterable[Facts]:
        """The facts of the steps that closed with this window."""

    def finish(self) -> Iterable[Facts]:
        """The facts of what was still open."""

    def tell(self, words: Sequence[Word]) -> Iterable[Facts]:
        """The facts that follow from what people say."""

    def save(self, folder: Path) -> None:
        """Keeps the states of the stages."""


@dataclass(slots=True)
class Account:
    """What came of reading something. Times are event times in µs, `seconds` is how long reading took."""

    packets: int = 0
    bytes: int = 0
    flows: int = 0
    begin: int = 0
    end: int = 0
    damaged: dict[str, int] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    findings: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Saves the stages' states and the account so far each `every` µs of event time; `after` is called then.

    What ends without notice, as by a power cut, loses at most so much of what the stages had learned.
    """

    every: int
    after: Callable[[], None] = lambda: None


def feed(
    source: Feed,
    pipeline: Pipe,
    store: Store,
    *,
    name: str = "capture",
    progress: Progress | None = None,
    saved: Callable[[Facts], None] | None = None,
    checkpoint: Checkpoint | None = None,
) -> Account:
    """Reads the source to its end; each step's facts are saved as they come, the stages' states at the end.

    `saved` is called with facts once they are kept. What has no end, as an interface, is given a `checkpoint`.
    Raises what the store and the source raise.
    """
    began = time.monotonic()
    account = Account(label=source.label)
    run = derive("run", name, source.label, time.time_ns()) if checkpoint else ""
    due = 0
    for window in source:
        _keep(pipeline.advance(window), store, account, saved)
        if progress is not None:
            progress(*source.progress())
        due = due or window.begin
        if checkpoint is not None and window.end - due >= checkpoint.every:
            due = window.end
            pipeline.save(store.stages)
            _keep_sources(source, store, name, run)
            checkpoint.after()
    _keep(pipeline.finish(), store, account, saved)
    pipeline.save(store.stages)
    _count(source, account)
    account.seconds = time.monotonic() - began
    _keep_sources(source, store, name, run)
    return account


def tell(words: Sequence[Word], pipeline: Pipe, store: Store) -> None:
    """Keeps what people say, lets the stages take it in, and saves their states.

    Raises what the store raises.
    """
    store.tell(words)
    hand_on(words, pipeline, store)
    pipeline.save(store.stages)


def hand_on(words: Sequence[Word], pipeline: Pipe, store: Store) -> None:
    """Lets the stages take in what was kept already; what follows from it is saved."""
    for facts in pipeline.tell(words):
        store.save(facts)


def _keep(facts: Iterable[Facts], store: Store, account: Account, saved: Callable[[Facts], None] | None) -> None:
    for one in facts:
        store.save(one)
        if one.presence is not None:
            account.devices.update(one.presence["device"])
        account.findings.update(Severity(finding.severity).name.lower() for finding in one.findings)
        if saved is not None:
            saved(one)


EVICTED: Final = "flows: let go early, the table of flows was full"
"""The kind of damage under which evicted flows are shown: their sums count, but they appear as several."""


def _count(source: Feed, account: Account) -> None:
    stats = source.stats()
    account.packets, account.bytes, account.flows = stats["packets"], stats["bytes"], stats["flows"]
    account.begin, account.end = stats["first"], stats["last"]
    account.damaged = damage_of(source)
    account.label = source.label  # what is listened to may know only later that it is told of samples


def damage_of(source: Feed) -> dict[str, int]:
    """What a source counts as damage, and the flows that it let go early."""
    evicted = source.stats().get("evicted", 0)
    return source.damaged() | ({EVICTED: evicted} if evicted else {})


def _keep_sources(source: Feed, store: Store, name: str, run: str) -> None:
    """Keeps the account of what was read; of several sources read as one, each has its own.

    With a `run` later accounts replace earlier ones; else the account's own numbers tell it from others.
    """
    parts = getattr(source, "parts", None)
    for place, part in enumerate(parts or (source,)):
        stats = part.stats()
        begin, end, packets, bytes_ = (stats[what] for what in ("first", "last", "packets", "bytes"))
        kind = part.kind if parts else name
        id_ = derive("source", run, place) if run else derive("source", name, part.label, begin, end, packets, bytes_)
        store.save_source(
            Source(
                id=id_,
                name=kind,
                label=part.label,
                segment=part.segment,
                begin=begin,
                end=end,
                packets=packets,
                bytes=bytes_,
                flows=stats["flows"],
                read_at=time.time_ns() // 1000,
                damaged=damage_of(part),
                prints=tuple(getattr(part, "prints", ())),
            )
        )
