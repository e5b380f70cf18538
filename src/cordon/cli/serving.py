"""The console: ``demo``, ``open``, ``serve``, and how a running one is (``status``)."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import ConfigFile, State, folder_of
from cordon.cli.output import log_to_stderr, note, say

if TYPE_CHECKING:
    from cordon.config import Config

Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0: any free one.")]


def demo(
    *,
    state: State = None,
    port: Port = None,
    speed: Annotated[float, typer.Option("--speed", min=0.01, help="How much faster the story unfolds.")] = 1.0,
    config: ConfigFile = None,
) -> None:
    """Start the demo site: a simulated site on which an attack unfolds, in a state of its own.

    Examples: cordon demo · cordon demo --port 8800
    """
    from cordon.config import load  # noqa: PLC0415

    folder = folder_of(state, demo=True)
    serve_state(folder, demo=True, port=load(folder, config, port=port).port, speed=speed)


def open_console(state: State = None, port: Port = None, config: ConfigFile = None) -> None:
    """Open the console: on what was read, or empty, to drop a capture on.

    Examples: cordon open · cordon open --state office
    """
    from cordon.cli.handover import fresh_address, running  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415

    folder = folder_of(state)
    server = running(folder)
    if server:
        address = fresh_address(server)
        note(f"Cordon is running on {folder} already; this opens its console once:")
        say(address)
        if _has_screen():
            webbrowser.open(address)
        return
    serve_state(folder, demo=False, port=load(folder, config, port=port).port, open_browser=True)


def serve(
    *,
    interface: Annotated[
        list[str] | None, typer.Option("--interface", metavar="IF", help="An interface to watch; may be repeated.")
    ] = None,
    netflow: Annotated[
        list[str] | None, typer.Option("--netflow", metavar="HOST:PORT", help="Listen for flow export there.")
    ] = None,
    syslog: Annotated[
        list[str] | None, typer.Option("--syslog", metavar="HOST:PORT", help="Listen for messages of devices there.")
    ] = None,
    state: State = None,
    port: Port = None,
    site: Annotated[str | None, typer.Option("--site", metavar="NAME", help="Name of the site.")] = None,
    config: ConfigFile = None,
) -> None:
    """Watch what the settings name below [[watch]] and serve the console, until stopped: what a service runs.

    Options come in place of the settings. SIGTERM and Ctrl-C end it, and what was seen is kept.

    Examples: cordon serve --interface eth0 · cordon serve --config /etc/cordon/cordon.toml --state /var/lib/cordon
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415

    folder = folder_of(state)
    told = [{"interface": name} for name in interface or ()] + [{"netflow": place} for place in netflow or ()]
    told += [{"syslog": place} for place in syslog or ()]
    settings = load(folder, config, port=port, site=site, watch=told or None)
    if not settings.watch:
        where = config or folder / "cordon.toml"
        raise AskedError(f"Nothing to watch: name an interface with --interface IF, or below [[watch]] in {where}.")
    serve_state(folder, demo=False, port=settings.port, settings=settings, quiet=not sys.stdout.isatty())


def status(state: State = None) -> None:
    """Say whether Cordon is running on a state, what it watches, and what fails; ends with 1 when it is not running.

    Examples: cordon status · cordon status --state /var/lib/cordon
    """
    from cordon.cli.handover import running, status_of  # noqa: PLC0415

    folder = folder_of(state)
    server = running(folder)
    if server is None:
        say(f"Cordon is not running on {folder}, or its state may not be read by you.")
        raise typer.Exit(1)
    told = status_of(server)
    say(f"Cordon is running at {server.url}; it watches {told['watches'] or 'nothing'}.")
    say(f"Newest event: {told['as_of'] or 'none yet'}.")
    for part, times in told["failures"].items():
        say(f"{part} failed {times} times; the log says why.")


def serve_state(
    folder: Path,
    *,
    demo: bool,
    port: int,
    open_browser: bool = False,
    speed: float = 1.0,
    settings: "Config | None" = None,
    quiet: bool = False,
) -> None:
    """Runs the console until it is stopped; a browser is opened only where there is a screen.

    Raises:
        StateError: the state cannot be used.
        SourceError: what the settings watch cannot be watched.
        AskedError: the port is taken.
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.server import run  # noqa: PLC0415

    log_to_stderr()
    browser = open_browser and _has_screen()
    try:
        run(folder, demo=demo, port=port, open_browser=browser, speed=speed, config=settings, quiet=quiet)
    except OSError as error:  # the server says which port, and what to do
        raise AskedError(str(error)) from None


def _has_screen() -> bool:
    return sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
