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
    more: bool
    """Further rows of the same window follow with the next one: a window of many rows comes in parts, each table's rows
    in their order. Windows of `LiveReader` are always whole."""
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
        full: a window that has so many rows is over with its step; the next one begins there.

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
        full: int = ...,
    ) -> None: ...
    def next(self) -> NativeWindow | None:
        """The next window that has rows, or the next part of one, or None at the end.

        Does not hold the GIL while it works.
        """
    def progress(self) -> tuple[int, int]:
        """Bytes of the files read so far, and in all."""
    def stats(self) -> dict[str, int]:
        """Counters so far: packets, bytes, flows, evicted, first, last (µs)."""
    def damaged(self) -> dict[str, int]:
        """Damage so far, by kind; a capture that ends within a packet counts as ``capture: cut short``."""

class LiveReader:
    """Listens to an interface (Linux: AF_PACKET with a TPACKET_V3 ring; needs the capability CAP_NET_RAW).

    Args:
        interface: its name.
        window, step, segment, secret_key: as of `CaptureReader`.
        max_flows: bound of the flow tables of all threads together.
        threads: how many share the work, 1 to 64; packets of a flow, both ways, go to the same.
        ring_bytes: size of the kernel's buffers together.
        snaplen: no more than this is captured of a packet, bytes; 0 captures all.
        promiscuous: whether frames to others are asked for.

    Raises:
        OSError: as the system says: EPERM without the capability, ENODEV without such an interface.
        ValueError: a number is out of its range.
    """

    def __init__(
        self,
        interface: str,
        *,
        window: int,
        step: int = ...,
        segment: str = ...,
        secret_key: bytes = ...,
        max_flows: int = ...,
        threads: int = ...,
        ring_bytes: int = ...,
        snaplen: int = ...,
        promiscuous: bool = ...,
    ) -> None: ...
    def next(self, timeout_ms: int) -> NativeWindow | None:
        """The next window, or None when none was over within that time. Does not hold the GIL while it waits.

        Windows close by the clock; silence comes as a window without tables, which may be many windows long.

        Raises:
            OSError: the interface cannot be listened to any more; one that is down or gone is waited for.
        """
    def stop(self) -> None:
        """Stops listening; what was captured until then still comes, then `is_over`."""
    def is_over(self) -> bool:
        """Whether all has come after `stop`."""
    def close(self) -> None:
        """Ends at once; windows that were not taken are lost."""
    def stats(self) -> dict[str, int]:
        """Counters so far: those of `CaptureReader`; kernel_dropped (the ring was full), shed (the window was full),
        downs (how often the interface went down or away), is_down (0 or 1). Does not wait for `next`."""
    def damaged(self) -> dict[str, int]:
        """Damage so far, by kind."""

class Forest:
    """Decision trees, walked for many rows at once. All arrays as their bytes (int32 and float32 of this machine).

    Args:
        roots: the first node of each tree.
        feature, threshold, left, right: a row goes to node `left` where its feature is at most the threshold, else to
            `right`; where `left` is below 0 the node is a leaf, and ``~left`` is the row of its shares.
        shares: of each leaf a row of `classes` numbers.
        columns: numbers that a row has.

    Raises:
        ValueError: a number points outside the forest.
    """

    def __init__(
        self,
        *,
        roots: bytes,
        feature: bytes,
        threshold: bytes,
        left: bytes,
        right: bytes,
        shares: bytes,
        classes: int,
        columns: int,
    ) -> None: ...
    def shares(self, rows: bytes) -> bytes:
        """For each row of float32 the mean share of each class over all trees (float32), added up in the trees' order.

        Does not hold the GIL while it works.

        Raises:
            ValueError: these are not whole rows.
        """
