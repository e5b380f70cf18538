"""The native engine: packets in, Arrow tables out (see `rust/packets-py`)."""

from collections.abc import Sequence

class ArrowTable:
    """One traffic table; Polars reads it without copying: ``pl.DataFrame(table)``."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

class NativeWindow:
    """One window's tables by name; only tables that have rows."""

    begin: int
    end: int
    tables: dict[str, ArrowTable]

class CaptureReader:
    """Reads capture files (pcap, pcapng; plain, .gz, .zst) as one stream, in the order of their first packet.

    Args:
        paths: the files.
        window: length of a window, µs; a divisor or a multiple of `step`.
        step: rows are cut at each multiple of this, µs.
        segment: name of the untagged broadcast domain.
        secret_key: 32 bytes; secrets seen leave the engine only as BLAKE2s-128 keyed with it.
        max_flows: bound of the flow table; beyond it the longest idle flow is evicted and counted.

    Raises:
        OSError: a file is missing or cannot be read.
        ValueError: a file is empty or no capture; the message names it. Raised before any file is read.
    """

    def __init__(
        self,
        paths: Sequence[str],
        *,
        window: int,
        step: int = ...,
        segment: str = ...,
        secret_key: bytes = ...,
        max_flows: int = ...,
    ) -> None: ...
    def next(self) -> NativeWindow | None:
        """The next window that has rows, or None at the end. Does not hold the GIL while it works."""
    def progress(self) -> tuple[int, int]:
        """Bytes of the files read so far, and in all."""
    def stats(self) -> dict[str, int]:
        """Counters so far: packets, bytes, flows, evicted, first, last (µs)."""
    def damaged(self) -> dict[str, int]:
        """Damage so far, by kind; a capture that ends within a packet counts as ``capture: cut short``."""
