"""A network interface as windows, through the native engine."""

import errno
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from cordon.model.tables import STEP
from cordon.model.window import Window
from cordon.sources.capture import silence
from cordon.sources.errors import SourceError

if TYPE_CHECKING:
    from cordon._native import NativeWindow

MIB: Final = 1 << 20
PATIENCE_MS: Final = 200
"""How long one wait for a window lasts: so soon a wish to stop, or trouble of the interface, is noticed."""

LOST: Final = {
    "kernel_dropped": "interface: dropped by the kernel, the ring was full",
    "shed": "interface: left out, the window was full",
    "downs": "interface: went down",
}
"""Counters of what was missed, and the kind of damage each is shown as."""


class InterfaceSource:
    """What passes an interface, as one stream of windows, until `stop` is called.

    Windows close by the clock, so silence is told too. Needs Linux and the capability ``CAP_NET_RAW``.
    With several threads the packets of a flow, both ways, go to the same one (``PACKET_FANOUT_HASH``).
    """

    kind = "interface"
    prints: tuple[str, ...] = ()

    def __init__(
        self,
        interface: str,
        *,
        site: str,
        window: int,
        segment: str = "lan",
        secret_key: bytes,
        threads: int = 1,
        ring: int = 64 * MIB,
        snaplen: int = 0,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Begins to listen; `window` is in µs, `secret_key` has 32 bytes, `ring` is the kernel's buffer in bytes.

        `snaplen` is how many bytes of a packet are looked at, 0 all; `told` is given sentences on the interface's
        state as it changes.

        Raises:
            SourceError: it cannot be listened to; the message says why and what to do.
        """
        try:
            from cordon._native import LiveReader  # noqa: PLC0415  # only there on Linux
        except ImportError:
            raise SourceError(
                "Watching an interface is possible on Linux only; read captures with cordon read."
            ) from None
        self.label = interface
        self.site = site
        self.segment = segment
        self._told = told
        self.failure = ""
        self._since = _now() // STEP * STEP  # a long first window claims no silence before
        self._was_down = 0
        self._said = {"kernel_dropped": 0, "shed": 0}
        self._several = threads > 1
        try:
            self._reader = LiveReader(
                interface,
                window=window,
                step=STEP,
                segment=segment,
                secret_key=secret_key,
                threads=threads,
                ring_bytes=ring,
                snaplen=snaplen,
            )
        except (OSError, ValueError) as error:
            raise SourceError(_sentence(interface, error)) from None

    def __iter__(self) -> Iterator[Window]:
        """The windows, oldest first; ends some time after `stop`, when what was captured until then is told.

        It ends as well when the interface cannot be listened to any more (not: is down or gone; that is waited
        out): `failure` says why then.
        """
        try:
            while True:
                native = self._next()
                self._tell_state()
                if native is not None:
                    self._tell_lost()
                    yield from self._windows(native)
                elif self.failure or self._reader.is_over():
                    return
        finally:
            self.close()

    def stop(self) -> None:
        """Stops listening; safe to call from a signal handler or another thread."""
        self._reader.stop()

    def close(self) -> None:
        """Ends at once; what was not taken yet is lost."""
        self._reader.close()

    def _next(self) -> "NativeWindow | None":
        try:
            return self._reader.next(PATIENCE_MS)
        except OSError as error:
            self.failure = _sentence(self.label, error)
            return None

    def _windows(self, native: "NativeWindow") -> Iterator[Window]:
        tables = {name: pl.DataFrame(table) for name, table in native.tables.items()}
        begin, end = native.begin, native.end
        if end <= self._since and not tables:
            return  # nobody listened yet: windows shorter than a step may lie wholly before
        if begin < self._since < end:
            begin = self._since
        if self._reader.is_over():  # a long window that was cut off claims no silence to come
            end = max(begin + 1, min(end, (_now() // STEP + 1) * STEP))
        if not tables:
            yield from silence(self.site, begin, end)
            return
        if self._several and "sightings" in tables:
            tables["sightings"] = _once(tables["sightings"])
        yield Window.checked(self.site, begin, end, tables)

    def _tell_state(self) -> None:
        """Tells that the interface went down, or came up."""
        is_down = self._reader.stats()["is_down"]
        if is_down != self._was_down:
            self._told(f"{self.label} is down; waiting for it." if is_down else f"{self.label} is up again.")
        self._was_down = is_down

    def _tell_lost(self) -> None:
        """Tells how many packets were missed since it was last told."""
        stats = self._reader.stats()
        for name, why in (("kernel_dropped", "came faster than they could be read"), ("shed", "were beyond a window")):
            if more := stats[name] - self._said[name]:
                self._told(f"{self.label}: {more:,} packets {why} and were left out.")
            self._said[name] = stats[name]

    def progress(self) -> tuple[int, int]:
        """Bytes seen so far, and 0: nobody knows how many come."""
        return self._reader.stats()["bytes"], 0

    def stats(self) -> dict[str, int]:
        """Counters so far: packets, bytes, flows, evicted, first, last (µs), kernel_dropped, shed, downs, is_down."""
        return self._reader.stats()

    def damaged(self) -> dict[str, int]:
        """Damage so far, kind → count, sorted by kind; what was missed is among it."""
        stats = self._reader.stats()
        lost = {kind: stats[name] for name, kind in LOST.items() if stats[name]}
        return dict(sorted((self._reader.damaged() | lost).items()))


def _now() -> int:
    return time.time_ns() // 1000


def _once(sightings: pl.DataFrame) -> pl.DataFrame:
    """Each sighting once a step: several threads may have had the same."""
    what = [column for column in sightings.columns if column != "time"]
    return sightings.sort("time", *what).unique(what, keep="first", maintain_order=True)


def _sentence(interface: str, error: OSError | ValueError) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code in {errno.EPERM, errno.EACCES}:
        return (
            f"Listening to {interface} needs the capability CAP_NET_RAW, which this process does not have; run it "
            f"with sudo, or grant it: sudo setcap cap_net_raw+ep {Path(sys.executable).resolve()}."
        )
    if code in {errno.ENODEV, errno.ENXIO}:
        there = ", ".join(name for _, name in socket.if_nameindex()) or "none"
        return f"There is no interface {interface}; there are: {there}."
    if code == errno.ENOMEM:
        return f"There is not enough memory for the ring of {interface}; take a smaller one with --ring."
    return f"{interface} cannot be listened to ({error.strerror if isinstance(error, OSError) else error})."
