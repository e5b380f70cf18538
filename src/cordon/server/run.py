"""Serves one state on this machine until it is stopped."""

import json
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn

from cordon import config as settings
from cordon.messages import channels
from cordon.server.access import Gate
from cordon.server.app import create
from cordon.server.context import Context
from cordon.server.demo import Story
from cordon.server.live import Hub
from cordon.server.supervisor import Supervisor
from cordon.server.watching import Watching
from cordon.server.worker import Worker
from cordon.sources import SourceError

LOOPBACK: Final = "127.0.0.1"


class PortTaken(OSError):  # noqa: N818  # reads as what it is
    """Another program has the port."""


def run(
    state: Path,
    *,
    demo: bool = False,
    port: int | None = None,
    open_browser: bool = False,
    scenario: Path | None = None,
    speed: float = 1.0,
    config: settings.Config | None = None,
    quiet: bool = False,
) -> None:
    """Serves the state in a folder on loopback, prints one address that opens it once, and returns when stopped.

    What ``config.watch`` names is watched meanwhile; SIGTERM and Ctrl-C end it, and what was seen is kept.

    Args:
        state: the state folder; made where there is none.
        demo: replay the made-up site's story; the state must be the demo's own.
        port: the port; None takes the settings', 0 any that is free.
        open_browser: opens the address in the user's browser.
        scenario: where the demo's scenario is or will be made; beside the state by default.
        speed: how much faster than usual the demo's story unfolds.
        config: the settings; without, those of the state are taken, and nothing is watched.
        quiet: prints no address that opens the console; `cordon open` asks for one.

    Raises:
        SourceError: what is to be watched cannot be, or cannot be any longer.
        StateError: the state cannot be written, or somebody else writes it.
        ConfigError: a setting is wrong, or a file that it names cannot be read.
        PortTaken: the port is in use.
        ValueError: the saved states of the stages are damaged.
    """
    supervisor = Supervisor()
    watching = Watching(config, supervisor.alive) if config is not None and config.watch else None
    config = config or settings.load(state, site="demo" if demo else None)
    if watching is not None:
        watching.check()
    with _ended_by_sigterm(), listening(config.port if port is None else port) as listener:
        gate = Gate(listener.getsockname()[1])
        hub = Hub()
        worker = Worker(state, config, hub, demo)
        told = channels(() if demo else config.notify)
        worker.start()
        postman = worker.telling(told)
        context = Context(state, config, gate, hub, demo, worker, worker.stopping, channels=told)
        if demo:
            story = Story(context, scenario or state.parent / f"{state.name}-scenario", speed)
            context.restart = story.restart
            story.begin()
        try:
            with _announced(state, gate):
                server = _server(context, supervisor, watching.label if watching else "")
                if watching is not None:
                    watching.ended = server.end
                    watching.begin(worker)
                _serve(server, context, listener, open_browser, quiet)
        finally:
            supervisor.stopping()
            postman.stop()
            hub.close()
            worker.stop()
            context.forget()
    if watching is not None and watching.failure:
        raise SourceError(watching.failure)


class _Ended(Exception):  # noqa: N818  # no error: the service manager wants the end
    """SIGTERM came; raised so that everything is closed on the way out."""


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends what is within as Ctrl-C does, but without fault; elsewhere than in the main thread it cannot."""

    def end(*_: object) -> None:
        raise _Ended

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except _Ended:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens on loopback.

    Raises:
        PortTaken: the port is in use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTaken(f"Port {port} cannot be used ({error.strerror}); give another with --port.") from None
        listener.listen()  # whoever comes before the server answers waits, and is not refused
        yield listener


@contextmanager
def _announced(state: Path, gate: Gate) -> Iterator[None]:
    """`server.json` in the state folder while it runs: how other programs of this user find the server."""
    file = state / "server.json"
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({"url": gate.url, "token": gate.key, "pid": os.getpid()}, out)
    fresh.replace(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


class _Server(uvicorn.Server):
    """Tells open pages to let go first, so that stopping does not wait for them; tells the manager when it listens."""

    def __init__(self, config: uvicorn.Config, hub: Hub, supervisor: Supervisor, status: str) -> None:
        super().__init__(config)
        self._hub = hub
        self._supervisor = supervisor
        self._status = status

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to answer."""
        await super().startup(sockets)
        self._supervisor.ready(self._status)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Ctrl-C, or the end of the session."""
        self._hub.close()
        super().handle_exit(sig, frame)

    def end(self) -> None:
        """Ends soon; may be called from any thread."""
        self._hub.close()
        self.should_exit = True


def _server(context: Context, supervisor: Supervisor, watched: str) -> _Server:
    config = uvicorn.Config(
        create(context), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    status = f"{f'Watching {watched}; the' if watched else 'The'} console is at {context.gate.url}"
    return _Server(config, context.hub, supervisor, status)


def _serve(server: _Server, context: Context, listener: socket.socket, open_browser: bool, quiet: bool) -> None:
    if quiet:
        _say(f"Cordon is at {context.gate.url}; cordon open gives an address that opens it.")
    else:
        address = context.gate.address()
        context.gate.used = lambda again: _say(f"Opened. For another browser: {again}")
        _say(f"Cordon is at {address}")
        if open_browser:
            webbrowser.open(address)
    server.run(sockets=[listener])


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
