"""Bringing traffic in: ``read`` and ``watch``."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of
from cordon.cli.output import log_to_stderr, note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cordon.config import Config
    from cordon.model.facts import Facts
    from cordon.model.window import Window
    from cordon.sources import FileSource
    from cordon.store import Store

Window_ = Annotated[int | None, typer.Option("--window", metavar="S", help="Length of a window, seconds.")]
Site = Annotated[str | None, typer.Option("--site", metavar="NAME", help="Name of the site.")]
Segment = Annotated[str | None, typer.Option("--segment", metavar="NAME", help="Name of the network it was taken in.")]


def read(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Captures, logs, folders or patterns.")],
    *,
    state: State = None,
    as_json: AsJson = False,
    open_console: Annotated[bool, typer.Option("--open", help="Show it in the console afterwards.")] = False,
    window: Window_ = None,
    site: Site = None,
    segment: Segment = None,
    config: ConfigFile = None,
) -> None:
    """Read captures (pcap, pcapng; also .gz, .zst), Zeek logs or Suricata's eve.json, and say what is in them.

    Several are read as one, in the order of their times. With Cordon running, it takes them over.

    Examples: cordon read capture.pcap · cordon read office/ --state office · cordon read /opt/zeek/logs/current
    """
    from cordon.cli import handover, summary  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.sources import recognise  # noqa: PLC0415

    log_to_stderr()
    folder = folder_of(state)
    settings = load(folder, config, window_seconds=window, site=site, segment=segment)
    paths = recognise(files).files
    running = handover.running(folder)
    result = handover.hand_over(running, paths) if running else read_into(folder, paths, settings)
    summary.report(folder, result, as_json)
    if open_console:
        from cordon.cli.serving import serve  # noqa: PLC0415

        if running:
            note(f"Cordon is running: {running.url}")
        else:
            serve(folder, demo=False, port=settings.port, open_browser=True)


def read_into(folder: Path, paths: tuple[Path, ...], settings: "Config") -> Any:
    """Reads the files into a state of our own; files that were read before are left out.

    Raises:
        SourceError: a file cannot be read; the state is as it was.
        StateError: the state cannot be written.
    """
    from cordon.cli.progress import shown  # noqa: PLC0415
    from cordon.cli.summary import result_of  # noqa: PLC0415
    from cordon.feed import Account, feed  # noqa: PLC0415
    from cordon.shapes import ReadResult  # noqa: PLC0415
    from cordon.sources import FileSource, open_source  # noqa: PLC0415
    from cordon.sources.prints import fingerprint  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    def source_of(files: tuple[Path, ...], key: bytes) -> FileSource:
        length = settings.window(live=False)
        return open_source(files, site=settings.site, window=length, segment=settings.segment, secret_key=key)

    source_of(paths, bytes(32))  # the files are looked at before anything is touched
    with Store.open(folder, write=True, what="cordon read") as store:
        known = {print_ for source in store.sources() for print_ in source.prints}
        before = [path for path in paths if fingerprint(path) in known]
        if before:
            of_all = before[0] if len(before) == 1 else f"{len(before)} of {len(paths)} files"
            note(f"{of_all}: read into this state before, so left out.")
        fresh = tuple(path for path in paths if path not in before)
        account = Account()
        if fresh:
            with shown("Reading") as progress:
                pipeline, source = pipeline_of(store, settings), source_of(fresh, store.secret_key)
                account = feed(source, pipeline, store, name=source.kind, progress=progress)
            retain(store, settings)
        result: ReadResult = result_of(account, [str(path) for path in before])
        return result


def pipeline_of(store: "Store", settings: "Config") -> Any:
    """The pipeline of a state, where it left off.

    Raises:
        StateError: what it left is damaged.
    """
    from cordon.pipeline import Pipeline  # noqa: PLC0415
    from cordon.store import StateError  # noqa: PLC0415

    try:
        return Pipeline(settings.site, settings, store.secret_key, store.stages)
    except (ValueError, OSError) as error:
        raise StateError(
            f"{store.stages} is damaged ({error}); restore the state from a copy, or read the captures into a new one."
        ) from None


def retain(store: "Store", settings: "Config") -> None:
    """Lets go of traffic older than is to be kept."""
    from cordon.model.tables import DAY  # noqa: PLC0415

    newest = store.as_of()
    if newest:
        store.forget(newest - settings.retention_days * DAY)


def watch(
    replay: Annotated[list[str] | None, typer.Option("--replay", metavar="FILE", help="A capture to replay.")] = None,
    *,
    netflow: Annotated[
        str | None,
        typer.Option("--netflow", metavar="HOST:PORT", help="Listen for NetFlow v5, v9 and IPFIX on this address."),
    ] = None,
    speed: Annotated[float, typer.Option("--speed", min=0, help="So many times as fast; 0: at once.")] = 1.0,
    state: State = None,
    as_json: AsJson = False,
    window: Window_ = None,
    site: Site = None,
    segment: Segment = None,
    config: ConfigFile = None,
) -> None:
    """Watch traffic as it comes: flow export of switches and routers, or a capture replayed at its own pace.

    Ctrl-C ends it and keeps what was seen.

    Examples: cordon watch --netflow 0.0.0.0:2055 · cordon watch --replay capture.pcap --speed 60
    """
    from cordon.cli import summary  # noqa: PLC0415
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.feed import feed  # noqa: PLC0415
    from cordon.sources import FileSource, open_source  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    if netflow and replay:
        raise AskedError("Give --netflow or --replay, not both; each has a state of its own or comes after the other.")
    if not (netflow or replay):
        raise AskedError(
            "Watching an interface is not possible yet; listen for flow export with --netflow HOST:PORT, or replay a"
            " capture with --replay FILE."
        )
    log_to_stderr()
    folder = folder_of(state)
    settings = load(folder, config, window_seconds=window, site=site, segment=segment)
    length = settings.window(live=True)
    if netflow:
        return _listen(netflow, folder, settings, as_json)

    def source_of(key: bytes) -> FileSource:
        return open_source(replay or [], site=settings.site, window=length, segment=settings.segment, secret_key=key)

    source_of(bytes(32))
    with Store.open(folder, write=True, what="cordon watch") as store:
        paced = Paced(source_of(store.secret_key), speed)
        account = feed(paced, pipeline_of(store, settings), store, name="replay", saved=_tell)
        retain(store, settings)
    summary.report(folder, summary.result_of(account, []), as_json)
    return None


def _listen(place: str, folder: Path, settings: "Config", as_json: bool) -> None:
    """Listens for flow export until Ctrl-C."""
    from cordon.cli import summary  # noqa: PLC0415
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.feed import feed  # noqa: PLC0415
    from cordon.sources import FlowExportSource  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    host, _, port = place.rpartition(":")
    if not (port.isdigit() and int(port) <= 65_535):
        raise AskedError(f"{place} is no address; give host and port, such as 0.0.0.0:2055 or [::]:4739.")
    length = settings.window(live=True)
    with (
        FlowExportSource(
            host.strip("[]"), int(port), site=settings.site, window=length, segment=settings.segment
        ) as source,
        Store.open(folder, write=True, what="cordon watch") as store,
    ):
        note(f"{source.label}; Ctrl-C ends it and keeps what was seen.")
        with stopped_by_hand(source.stop):
            account = feed(source, pipeline_of(store, settings), store, name=source.kind, saved=_tell)
        retain(store, settings)
    summary.report(folder, summary.result_of(account, []), as_json)


@contextmanager
def stopped_by_hand(stop: "Callable[[], None]") -> "Iterator[None]":
    """Ctrl-C and an end asked for by the system call `stop` instead of breaking off what is being kept."""
    import signal  # noqa: PLC0415

    before = {number: signal.signal(number, lambda *_: stop()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Paced:
    """A source whose windows come no earlier than their time, `speed` times as fast as they happened."""

    def __init__(self, source: "FileSource", speed: float) -> None:
        self._source = source
        self._speed = speed
        self.segment = source.segment
        self.label = source.label
        self.prints = source.prints

    def __iter__(self) -> "Iterator[Window]":
        """The windows; Ctrl-C ends them, so that what was seen is kept."""
        import time  # noqa: PLC0415

        began, first = time.monotonic(), 0
        try:
            for window in self._source:
                first = first or window.begin
                if self._speed:
                    due = began + (window.end - first) / 1_000_000 / self._speed
                    time.sleep(max(0.0, due - time.monotonic()))
                yield window
        except KeyboardInterrupt:
            note("Ending; what was seen is kept.")

    def progress(self) -> tuple[int, int]:
        """Bytes read so far, and in all."""
        return self._source.progress()

    def stats(self) -> dict[str, int]:
        """Counters so far."""
        return self._source.stats()

    def damaged(self) -> dict[str, int]:
        """Damage so far."""
        return self._source.damaged()


def _tell(facts: "Facts") -> None:
    from cordon.cli.output import when  # noqa: PLC0415

    names = {device.id: device.name for device in facts.devices}
    for device in facts.devices:
        if device.time == device.first_seen:
            note(f"{when(device.time)}  new device: {device.name}")
    for finding in facts.findings:
        who = names.get(finding.device, finding.device)
        note(f"{when(finding.noticed)}  {finding.severity.name.lower()}: {who} {finding.says} ({finding.id})")
