"""Bringing traffic in: ``read`` and ``watch``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of
from cordon.cli.output import log_to_stderr, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cordon.config import Config
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
    """Read captures (pcap, pcapng; also .gz, .zst), Zeek logs, Suricata's eve.json or logs of devices (syslog).

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
        from cordon.cli.serving import serve_state  # noqa: PLC0415

        if running:
            note(f"Cordon is running: {running.url}")
        else:
            serve_state(folder, demo=False, port=settings.port, open_browser=True)


def opened(settings: "Config", files: "Sequence[str | Path]", key: bytes, *, live: bool) -> "FileSource":
    """The files as one source, with the settings of the site.

    Raises:
        SourceError: one of them cannot be read.
    """
    from cordon.sources import open_source  # noqa: PLC0415

    return open_source(
        files,
        site=settings.site,
        window=settings.window(live=live),
        segment=settings.segment,
        secret_key=key,
        networks=settings.networks,
    )


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
    from cordon.sources.prints import fingerprint  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    opened(settings, paths, bytes(32), live=False)  # the files are looked at before anything is touched
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
                pipeline, source = pipeline_of(store, settings), opened(settings, fresh, store.secret_key, live=False)
                account = feed(source, pipeline, store, name=source.kind, progress=progress)
            retain(store, settings)
        result: ReadResult = result_of(account, [str(path) for path in before])
        return result


def pipeline_of(store: "Store", settings: "Config") -> Any:
    """The pipeline of a state, where it left off.

    Raises:
        ConfigError: a setting of a part does not fit.
        StateError: what it left is damaged.
    """
    from cordon.config import ConfigError  # noqa: PLC0415
    from cordon.pipeline import Pipeline  # noqa: PLC0415
    from cordon.store import StateError  # noqa: PLC0415

    try:
        return Pipeline(settings.site, settings, store.secret_key, store.stages, store.feeds)
    except ConfigError:
        raise
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
    interface: Annotated[str, typer.Option("--interface", metavar="IF", help="A network interface to watch.")] = "",
    netflow: Annotated[
        str, typer.Option("--netflow", metavar="HOST:PORT", help="Listen for NetFlow v5, v9 and IPFIX there.")
    ] = "",
    syslog: Annotated[
        str, typer.Option("--syslog", metavar="[tcp://]HOST:PORT", help="Listen for messages of devices there.")
    ] = "",
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="For tls://: certificate and key, PEM.")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, max=64, help="How many share the work.")] = 1,
    ring: Annotated[
        int, typer.Option("--ring", metavar="MB", min=1, max=4095, help="Size of the kernel's buffer.")
    ] = 64,
    snaplen: Annotated[int, typer.Option("--snaplen", metavar="BYTES", min=0, help="Of a packet; 0: all of it.")] = 0,
    speed: Annotated[float, typer.Option("--speed", min=0, help="So many times as fast; 0: at once.")] = 1.0,
    state: State = None,
    as_json: AsJson = False,
    window: Window_ = None,
    site: Site = None,
    segment: Segment = None,
    config: ConfigFile = None,
) -> None:
    """Watch an interface, listen for flow export or syslog, or replay a capture at its own pace or faster.

    Ctrl-C ends it and keeps what was seen.

    Examples: cordon watch --interface eth0 · cordon watch --netflow 0.0.0.0:2055 · cordon watch --replay a.pcap
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415

    if sum(map(bool, (replay, interface, netflow, syslog))) != 1:
        raise AskedError("Name what to watch: --interface IF, --netflow or --syslog HOST:PORT, or --replay FILE.")
    log_to_stderr()
    folder = folder_of(state)
    settings = load(folder, config, window_seconds=window, site=site, segment=segment)
    if interface:
        from cordon.cli.listening import Listening, listen  # noqa: PLC0415

        return listen(folder, settings, Listening(interface, threads, ring, snaplen), as_json)
    if netflow:
        from cordon.cli.exporting import listen_for_exports  # noqa: PLC0415

        return listen_for_exports(folder, settings, netflow, as_json)
    if syslog:
        from cordon.cli.exporting import listen_for_messages  # noqa: PLC0415

        return listen_for_messages(folder, settings, syslog, certificate, as_json)
    from cordon.cli import summary  # noqa: PLC0415  # only now: an interface that cannot be watched is told at once
    from cordon.cli.news import teller  # noqa: PLC0415
    from cordon.feed import feed  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    files = list(replay or ())

    opened(settings, files, bytes(32), live=True)
    with Store.open(folder, write=True, what="cordon watch") as store:
        paced = Paced(opened(settings, files, store.secret_key, live=True), speed)
        account = feed(paced, pipeline_of(store, settings), store, name="replay", saved=teller(store))
        retain(store, settings)
    return summary.report(folder, summary.result_of(account, []), as_json)


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
