"""What `cordon serve` watches: the interfaces and addresses of the settings, as one job of the writer."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

import structlog

from cordon.config import Config, Watch
from cordon.server.worker import Job, Worker
from cordon.sources import FlowExportSource, InterfaceSource, SeveralSources, SourceError, SyslogSource, place_of
from cordon.store import Store

log = structlog.get_logger()

MIB: Final = 1 << 20


@dataclass(slots=True)
class Watching:
    """The sources of the settings, watched by a worker. `check` them, `begin`, and ask for `failure` at the end."""

    config: Config
    alive: Callable[[], None] = lambda: None
    ended: Callable[[], None] = lambda: None  # called when nothing is watched any more
    job: Job | None = None
    failure: str = ""
    _begun: threading.Event = field(default_factory=threading.Event)

    @property
    def label(self) -> str:
        """What is watched, for people."""
        return ", ".join(_label(one) for one in self.config.watch)

    def check(self) -> None:
        """Opens all once and closes them again, before anything is touched.

        Raises:
            SourceError: one of them cannot be watched; the message says why and what to do.
        """
        for source in opened(self.config, bytes(32)):
            source.close()

    def begin(self, worker: Worker) -> None:
        """Begins to watch; returns once all sources listen.

        Raises:
            SourceError: one of them cannot be watched.
        """
        kinds = ("interface", "netflow", "syslog")
        name = next(kind for kind in kinds if any(getattr(one, kind) for one in self.config.watch))
        self.job = worker.watch(self.label, lambda store, job: self._open(store, job, worker), self._over, name)
        self._begun.wait()
        if self.failure:
            raise SourceError(self.failure)

    def _open(self, store: Store, job: Job, worker: Worker) -> SeveralSources:
        try:
            sources = SeveralSources(opened(self.config, store.secret_key), self.alive)
        except SourceError as error:
            self.failure = str(error)
            self._begun.set()
            raise
        job.stop = sources.stop
        if worker.stopping.is_set():  # told to end in the meantime
            sources.stop()
        self._begun.set()
        return sources

    def _over(self) -> None:
        if self.job is not None:
            self.failure = self.failure or self.job.error
        self._begun.set()
        self.ended()


def _label(one: Watch) -> str:
    return one.interface or (f"NetFlow on {one.netflow}" if one.netflow else f"syslog on {one.syslog}")


Opened = InterfaceSource | FlowExportSource | SyslogSource


def opened(config: Config, secret_key: bytes) -> Sequence[Opened]:
    """The sources of the settings, listening.

    Raises:
        SourceError: one of them cannot be listened to; none listens then.
    """
    with ExitStack() as undo:
        sources: list[Opened] = []
        for one in config.watch:
            source = _opened(one, config, secret_key)
            undo.callback(source.close)
            sources.append(source)
        undo.pop_all()
        return sources


def _opened(one: Watch, config: Config, secret_key: bytes) -> Opened:
    segment = one.segment or config.segment
    window = config.window(live=True)
    if one.netflow:
        host, _, port = one.netflow.rpartition(":")
        return FlowExportSource(host.strip("[]"), int(port), site=config.site, window=window, segment=segment)
    if one.syslog:
        place = place_of(one.syslog)
        if place is None:
            raise SourceError(f"{one.syslog} is no place to listen on; give host and port, such as 0.0.0.0:514.")
        return SyslogSource(place, site=config.site, window=window, segment=segment, certificate=one.certificate)
    return InterfaceSource(
        one.interface,
        site=config.site,
        window=window,
        segment=segment,
        secret_key=secret_key,
        threads=one.threads,
        ring=one.ring_megabytes * MIB,
        snaplen=one.snaplen,
        told=log.warning,
    )
