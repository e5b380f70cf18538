"""The console: ``demo`` and ``open``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cordon.cli.options import ConfigFile, State, folder_of
from cordon.cli.output import log_to_stderr, note

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
    serve(folder, demo=True, port=load(folder, config, port=port).port, speed=speed)


def open_console(state: State = None, port: Port = None, config: ConfigFile = None) -> None:
    """Open the console: on what was read, or empty, to drop a capture on.

    Examples: cordon open · cordon open --state office
    """
    from cordon.cli.handover import running  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415

    folder = folder_of(state)
    server = running(folder)
    if server:
        return note(f"Cordon is running on {folder} already: {server.url}")
    serve(folder, demo=False, port=load(folder, config, port=port).port, open_browser=True)
    return None


def serve(folder: Path, *, demo: bool, port: int, open_browser: bool = False, speed: float = 1.0) -> None:
    """Runs the console until it is stopped; a browser is opened only where there is a screen.

    Raises:
        StateError: the state cannot be used.
        AskedError: the port is taken.
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.server import run  # noqa: PLC0415

    log_to_stderr()
    screen = sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
    try:
        run(folder, demo=demo, port=port, open_browser=open_browser and screen, speed=speed)
    except OSError as error:  # the server says which port, and what to do
        raise AskedError(str(error)) from None
