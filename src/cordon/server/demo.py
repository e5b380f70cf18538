"""The demo: the simulated site's quiet time is read quickly, then its story unfolds while people watch."""

import threading
import time
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from cordon.lab.scenario import write_scenario
from cordon.model.tables import SECOND
from cordon.model.window import Window
from cordon.server.context import Context
from cordon.server.worker import Job
from cordon.sources import CaptureSource
from cordon.store import Store

WINDOW: Final = 60 * SECOND  # one of these is what a watcher sees happen at a time
QUIET: Final = 30 * WINDOW  # before the story so much is read at once; results do not depend on it
DAYS: Final = 0.7  # until a while after the story, which begins at 15:00
UNFOLDS_IN: Final = 60.0  # seconds of the watcher's time for the story, at speed 1
DEVICES: Final = 64
LABEL: Final = "the demo site's story"


class Paced:
    """A capture whose windows come as they are until the story begins, and then spread over the time it is given.

    What is read is what `CaptureSource` yields, in its order; only when it comes differs.
    """

    def __init__(
        self, source: CaptureSource, begins: int, ends: int, seconds: float, stopping: threading.Event
    ) -> None:
        """`begins` and `ends` of the story are event times in µs; it is spread over `seconds`."""
        self.segment = source.segment
        self._source = source
        self._begins, self._ends = begins, ends
        self._seconds = seconds
        self._stopping = stopping

    def __iter__(self) -> Iterator[Window]:
        """The windows; nothing is held back once Cordon is to stop."""
        started = 0.0
        length = max(1, self._ends - self._begins)
        for window in gathered(self._source, self._begins):
            if window.end > self._begins and window.begin < self._ends:
                started = started or time.monotonic()
                share = (window.begin - self._begins) / length
                self._stopping.wait(max(0.0, started + share * self._seconds - time.monotonic()))
            yield window

    @property
    def label(self) -> str:
        """What people call it."""
        return LABEL

    def progress(self) -> tuple[int, int]:
        """Bytes read so far, and in all."""
        return self._source.progress()

    def stats(self) -> dict[str, int]:
        """Counters so far."""
        return self._source.stats()

    def damaged(self) -> dict[str, int]:
        """Damage so far."""
        return self._source.damaged()


def gathered(windows: Iterable[Window], until: int) -> Iterator[Window]:
    """The windows, joined to long ones as far as they end before `until` (µs)."""
    held: list[Window] = []
    for window in windows:
        if held and (window.end > until or window.end - held[0].begin > QUIET):
            yield joined(held)
            held = []
        if window.end > until:
            yield window
        else:
            held.append(window)
    if held:
        yield joined(held)


def joined(windows: list[Window]) -> Window:
    """Windows that follow each other, as one."""
    names = dict.fromkeys(name for window in windows for name in window.tables)
    tables = {name: pl.concat([w.tables[name] for w in windows if name in w.tables]) for name in names}
    return Window(windows[0].site, windows[0].begin, windows[-1].end, tables)


@dataclass(slots=True)
class Story:
    """The demo's scenario and its replay."""

    context: Context
    scenario: Path
    speed: float = 1.0

    def begin(self) -> None:
        """Replays the story into the demo's state, unless it is there already."""
        worker, store = self.context.worker, self.context.store
        if worker is not None and (store is None or not store.sources()):
            worker.read(LABEL, self._open, name="demo")

    def restart(self) -> None:
        """Forgets what was seen of the story and begins it anew."""
        worker = self.context.worker
        if worker is None:
            return
        worker.stop()
        self.context.forget()
        worker.jobs.clear()
        _empty(self.context.folder)
        worker.start()
        self.begin()
        self.context.hub.tell("facts", last=0, changed=True)

    def _open(self, store: Store, _job: Job) -> Paced:
        capture = self.scenario / "traffic.pcap"
        if not (self.scenario / "expect.toml").is_file():
            write_scenario(self.scenario, devices=DEVICES, days=DAYS, progress=self._tell)
        expected = tomllib.loads((self.scenario / "expect.toml").read_text(encoding="utf-8"))
        begins = int(expected["story_begins"])
        ends = max((int(step["ends"]) for step in expected.get("step", [])), default=begins)
        source = CaptureSource(
            [capture],
            site=self.context.config.site,
            window=WINDOW,
            segment=self.context.config.segment,
            secret_key=store.secret_key,
        )
        return Paced(source, begins, ends, UNFOLDS_IN / max(self.speed, 0.01), self.context.stopping)

    def _tell(self, share: float) -> None:
        self.context.hub.tell(
            "progress",
            id="scenario",
            label="the made-up site",
            state="reading",
            done=round(share * 100),
            all=100,
            error="",
        )


KEPT: Final = {"cordon.toml", "server.json"}


def _empty(folder: Path) -> None:
    """Deletes what was recorded in the demo's state; its settings stay."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name in KEPT and path.parent == folder:
            continue
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
