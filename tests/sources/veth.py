"""Two network namespaces joined by a cable, and work done within them: real packets, no harm to the machine."""

import ctypes
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest

from cordon.model.tables import SECOND
from cordon.model.window import Window
from cordon.sources import InterfaceSource

T = TypeVar("T")

CLONE_NEWNET = 0x40000000
PATIENCE = 60.0  # seconds; far more than anything here takes

needs_namespaces = [
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces take root"),
    pytest.mark.skipif(shutil.which("ip") is None, reason="ip (iproute2) is not installed"),
]


def ip(*arguments: object) -> None:
    """Runs ``ip``."""
    subprocess.run(["ip", *map(str, arguments)], check=True, capture_output=True, text=True)


def within(namespace: str, work: Callable[[], T]) -> T:
    """Does the work in a thread that lives in a network namespace; threads it starts stay there."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with Path(f"/run/netns/{namespace}").open("rb") as there:
                if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), f"{namespace} cannot be entered")
            done.append(work())
        except BaseException as error:  # noqa: BLE001  # raised again by the caller's thread
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Waits until something is so; fails when it takes far too long."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Cable:
    """The namespaces at its ends: `near` has the interface ``near0`` (10.9.0.1), `far` has ``far0`` (10.9.0.2)."""

    near: str
    far: str

    def lay(self) -> None:
        """Joins the namespaces; IPv6 stays off, so that nothing is sent but what a test sends."""
        ip("link", "add", "near0", "netns", self.near, "type", "veth", "peer", "name", "far0", "netns", self.far)
        for namespace, name, address in ((self.near, "near0", "10.9.0.1"), (self.far, "far0", "10.9.0.2")):
            within(namespace, lambda name=name: _quiet(name))  # type: ignore[misc]
            ip("-n", namespace, "addr", "add", f"{address}/24", "dev", name)
            ip("-n", namespace, "link", "set", name, "up")

    def send(self, frames: Sequence[bytes], times: int = 1) -> None:
        """Puts frames on the cable at its near end."""

        def put() -> None:
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
                out.bind(("near0", 0))
                for _ in range(times):
                    for frame in frames:
                        out.send(frame)

        within(self.near, put)

    def listen(self, **options: object) -> "Heard":
        """Begins to listen at the far end."""
        told: list[str] = []
        source = within(
            self.far,
            lambda: InterfaceSource(
                "far0",
                **{"site": "s", "window": SECOND, "secret_key": bytes(32), "told": told.append, **options},  # type: ignore[arg-type]
            ),
        )
        return Heard(source, told)


def _quiet(name: str) -> None:
    Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1", encoding="ascii")


@dataclass(slots=True)
class Heard:
    """What a source gives, gathered by a thread from `start` on."""

    source: InterfaceSource
    told: list[str]
    windows: list[Window] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def start(self) -> "Heard":
        """Begins to gather."""
        self._thread = threading.Thread(target=lambda: self.windows.extend(self.source))
        self._thread.start()
        return self

    def packets(self, count: int) -> None:
        """Waits until so many packets were seen in all."""
        wait_until(lambda: self.source.stats()["packets"] >= count)

    def end(self) -> "Heard":
        """Stops listening; all that came is there then."""
        self.source.stop()
        if self._thread is not None:
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive()
        return self

    def table(self, name: str) -> pl.DataFrame:
        """All rows of a table."""
        return pl.concat([window.table(name) for window in self.windows])

    def packets_between(self) -> dict[tuple[str, str, int, int, int, str], tuple[int, int, int, int]]:
        """Packets and bytes each way of each conversation, with its segment."""
        return packets_between(self.table("flows"))


FLOW = ("src", "dst", "src_port", "dst_port", "proto", "segment")
COUNTS = ("packets_out", "packets_in", "bytes_out", "bytes_in")


def packets_between(flows: pl.DataFrame) -> dict[tuple[str, str, int, int, int, str], tuple[int, int, int, int]]:
    """Packets and bytes each way of each conversation, with its segment."""
    sums = flows.group_by(FLOW).agg(pl.col(COUNTS).sum())
    return {row[: len(FLOW)]: row[len(FLOW) :] for row in sums.iter_rows()}  # type: ignore[misc]


@contextmanager
def cable() -> Iterator[Cable]:
    """Two namespaces joined by a cable, gone afterwards."""
    laid = Cable(f"cordon-near-{os.getpid()}", f"cordon-far-{os.getpid()}")
    for namespace in (laid.near, laid.far):
        ip("netns", "add", namespace)
    try:
        laid.lay()
        yield laid
    finally:
        for namespace in (laid.near, laid.far):
            ip("netns", "del", namespace)
