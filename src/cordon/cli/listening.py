"""``watch --interface``: findings as they come, until it is told to end."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from cordon.cli.news import print_line, printer, teller
from cordon.cli.output import note
from cordon.cli.reading import pipeline_of, retain

if TYPE_CHECKING:
    from cordon.config import Config
    from cordon.feed import Account, Feed
    from cordon.sources import InterfaceSource
    from cordon.store import Store

    class Endless(Feed, Protocol):
        """What goes on until it is stopped."""

        def stop(self) -> None:
            """Ends the windows soon."""


SAVE_EVERY: Final = 600_000_000
"""What the stages have learned is saved each ten minutes of event time, and at the end."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What is listened to, and how; `ring` in MB, `snaplen` in bytes (0: all)."""

    interface: str
    threads: int
    ring: int
    snaplen: int


def listen(folder: Path, settings: "Config", how: Listening, as_json: bool) -> None:
    """Watches an interface until Ctrl-C or SIGTERM; what was seen is kept.

    Raises:
        SourceError: it cannot be listened to; the state is as it was, or holds all that came until then.
        StateError: the state cannot be written.
    """
    source_of(how, settings, bytes(32), note).close()  # before anything is touched
    from cordon.sources import SourceError  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    told = _interface_line if as_json else note
    with Store.open(folder, write=True, what="cordon watch") as store:
        source = source_of(how, settings, store.secret_key, told)
        opening = f"Watching {how.interface}; Ctrl-C ends it, and what was seen is kept."
        account = keep(source, "interface", store, settings, as_json, opening)
    tell_end(folder, account, as_json)
    if source.failure:
        raise SourceError(source.failure)


def keep(source: "Endless", name: str, store: "Store", settings: "Config", as_json: bool, opening: str) -> "Account":
    """Feeds what has no end into the state, tells what is new, and saves now and then, until it is told to end.

    `opening` is said once Ctrl-C and SIGTERM are heard: from then on nothing is lost.
    """
    from cordon.feed import Checkpoint, feed  # noqa: PLC0415
    from cordon.sources import own_macs  # noqa: PLC0415

    settings = settings.declaring(own_macs())
    with stopping(source.stop):
        note(opening)
        account = feed(
            source,
            pipeline_of(store, settings),
            store,
            name=name,
            saved=printer(store) if as_json else teller(store),
            checkpoint=Checkpoint(SAVE_EVERY, after=lambda: retain(store, settings)),
        )
    retain(store, settings)
    return account


def tell_end(folder: Path, account: "Account", as_json: bool) -> None:
    """Says what came of it, when it has ended."""
    from cordon.cli import summary  # noqa: PLC0415

    result = summary.result_of(account, [])
    if as_json:
        print_line("ended", account.end, result=result)
    else:
        summary.report(folder, result, as_json)


def source_of(how: Listening, settings: "Config", key: bytes, told: Callable[[str], None]) -> "InterfaceSource":
    """The interface, listened to from now on."""
    from cordon.sources import InterfaceSource  # noqa: PLC0415

    return InterfaceSource(
        how.interface,
        site=settings.site,
        window=settings.window(live=True),
        segment=settings.segment,
        secret_key=key,
        threads=how.threads,
        ring=how.ring << 20,
        snaplen=how.snaplen,
        told=told,
    )


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM call `stop`, so that what is being saved is saved whole; a second one ends at once."""
    asked = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in asked}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def ask(*_: object) -> None:
        restore()
        stop()
        note("Ending; what was seen is kept.")

    for number in asked:
        signal.signal(number, ask)
    try:
        yield
    finally:
        restore()


def _interface_line(says: str) -> None:
    print_line("interface", time.time_ns() // 1000, says=says)
