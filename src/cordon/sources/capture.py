"""Capture files as windows, through the native engine."""

import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import polars as pl

from cordon.model.tables import STEP
from cordon.model.window import Window
from cordon.sources.errors import SourceError
from cordon.sources.prints import fingerprint

if TYPE_CHECKING:
    from cordon._native import NativeWindow

MAGIC: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        bytes.fromhex("a1b2c3d4"): "pcap",
        bytes.fromhex("d4c3b2a1"): "pcap",
        bytes.fromhex("a1b23c4d"): "pcap, nanoseconds",
        bytes.fromhex("4d3cb2a1"): "pcap, nanoseconds",
        bytes.fromhex("0a0d0d0a"): "pcapng",
        bytes.fromhex("28b52ffd"): "zstd",
    }
)
"""How captures begin (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng, RFC 8878)."""

GZIP: Final = b"\x1f\x8b"
ENDINGS: Final = (".pcap", ".pcapng", ".cap", ".dmp")
PACKED: Final = ("", ".gz", ".zst")


def captures(paths: Sequence[str | Path]) -> tuple[Path, ...]:
    """The capture files meant: a folder stands for the captures below it, a pattern for what it matches.

    Nothing is read but the first bytes of each; every file is checked before the first is used.

    Raises:
        SourceError: a path is missing, empty, unreadable, no capture, or a folder without captures.
    """
    if not paths:
        raise SourceError("No capture was given; name one or more files, or a folder.")
    found = [file for path in paths for file in expand(path, looks_like_capture, f"captures ({', '.join(ENDINGS)})")]
    for file in found:
        _check(file)
    return tuple(dict.fromkeys(found))


def expand(path: str | Path, wanted: Callable[[Path], bool], says: str) -> list[Path]:
    """The files meant by a path: below a folder those that are `wanted`, of a pattern what it matches, else itself.

    Raises:
        SourceError: the folder holds none (`says` names what was looked for), or nothing matches.
    """
    file = Path(path)
    try:
        if file.is_dir():
            below = sorted(entry for entry in file.rglob("*") if wanted(entry) and entry.is_file())
            if not below:
                raise SourceError(f"{file} holds no {says}; name the files themselves.")
            return below
        if not file.exists() and glob.has_magic(str(path)):
            matched = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207  # absolute too
            if not matched:
                raise SourceError(f"Nothing matches {path}; check the pattern.")
            return [one for match in matched for one in (expand(match, wanted, says) if match.is_dir() else [match])]
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None
    return [file]


def looks_like_capture(path: Path) -> bool:
    """True when the file is called as captures are."""
    name = path.name.lower()
    return any(name.endswith(ending + packed) for ending in ENDINGS for packed in PACKED)


def _check(file: Path) -> None:
    try:
        if file.exists() and not file.is_file():
            raise SourceError(f"{file} is no file; name a capture (pcap or pcapng).")
        with file.open("rb") as opened:
            start = opened.read(4)
    except FileNotFoundError:
        raise SourceError(f"{file} does not exist; check the name.") from None
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None
    if not start:
        raise SourceError(f"{file} is empty; a capture has at least a header.")
    if start not in MAGIC and not start.startswith(GZIP):
        raise SourceError(f"{file} is no capture; pcap and pcapng can be read, plain or packed with gzip or zstd.")


def silence(site: str, begin: int, end: int) -> Iterator[Window]:
    """A stretch without packets, cut where it enters and leaves its last and first step."""
    edges = sorted({begin, min(end, -(-begin // STEP) * STEP), max(begin, end // STEP * STEP), end})
    for left, right in pairwise(edges):
        yield Window(site, left, right)


class CaptureSource:
    """Capture files as one stream of windows, in the order of their first packet.

    Stretches without packets come as one window without rows, however long; so silence is told too.
    """

    kind = "capture"

    def __init__(
        self, paths: Sequence[str | Path], *, site: str, window: int, segment: str = "lan", secret_key: bytes
    ) -> None:
        """Opens the files; `window` is in µs, `secret_key` has 32 bytes.

        Raises:
            SourceError: one of them cannot be read; nothing was read then.
        """
        from cordon._native import CaptureReader  # noqa: PLC0415  # the checks above work without the engine

        self.files = captures(paths)
        self.site = site
        self.segment = segment
        try:
            self._reader = CaptureReader(
                [str(file) for file in self.files], window=window, step=STEP, segment=segment, secret_key=secret_key
            )
        except (OSError, ValueError) as error:
            raise SourceError(_sentence(error)) from None
        self._stats, self._damaged = self._reader.stats(), self._reader.damaged()

    def __iter__(self) -> Iterator[Window]:
        """The windows, oldest first. The first begins with the step of the first packet and the last ends with that
        of the last one, however long windows are: what was not captured is not told.

        Raises:
            SourceError: a file vanished or broke while it was read (not: is damaged; that is counted).
        """
        reached = None
        with ThreadPoolExecutor(1, "reading-ahead") as ahead:  # the engine works while the stages do
            read = self._taken(ahead.submit(self._read))
            following = ahead.submit(self._read)
            while read.parts:
                self._stats, self._damaged = read.stats, read.damaged
                after = self._taken(following)
                if after.parts:
                    following = ahead.submit(self._read)
                begin, end = read.parts[0].begin, read.parts[0].end
                if reached is None:
                    begin = max(begin, read.stats["first"] // STEP * STEP)
                elif begin > reached:
                    yield from silence(self.site, reached, begin)
                if not after.parts:
                    self._stats, self._damaged = after.stats, after.damaged
                    end = max(begin + 1, min(end, (after.stats["last"] // STEP + 1) * STEP))
                yield Window.checked(self.site, begin, end, _joined(read.parts))
                reached, read = end, after
            self._stats, self._damaged = read.stats, read.damaged

    def _read(self) -> "_Read":
        """The parts of the next window, none at the end, and what was counted until then."""
        parts: list[NativeWindow] = []
        while not parts or parts[-1].more:
            part = self._reader.next()
            if part is None:
                break
            parts.append(part)
        return _Read(parts, self._reader.stats(), self._reader.damaged())

    @staticmethod
    def _taken(reading: "Future[_Read]") -> "_Read":
        try:
            return reading.result()
        except OSError as error:
            raise SourceError(_sentence(error)) from None

    @property
    def prints(self) -> tuple[str, ...]:
        """Fingerprints of the files, in their order."""
        return tuple(fingerprint(file) for file in self.files)

    @property
    def label(self) -> str:
        """What people call it: the file's name, and how many more there are."""
        more = len(self.files) - 1
        return self.files[0].name + (f" and {more} more" if more else "")

    def progress(self) -> tuple[int, int]:
        """Bytes read so far, and in all."""
        return self._reader.progress()

    def stats(self) -> dict[str, int]:
        """Counters up to the last window given: packets, bytes, flows, evicted, first, last (µs)."""
        return self._stats

    def damaged(self) -> dict[str, int]:
        """Damage so far, kind → count, sorted by kind."""
        return dict(sorted(self._damaged.items()))


@dataclass(frozen=True, slots=True)
class _Read:
    """A window's parts, and what the reader had counted when it was read."""

    parts: "Sequence[NativeWindow]"
    stats: dict[str, int]
    damaged: dict[str, int]


def _joined(parts: "Sequence[NativeWindow]") -> dict[str, pl.DataFrame]:
    """The tables of all parts; rows keep their order."""
    frames: dict[str, list[pl.DataFrame]] = {}
    for part in parts:
        for name, table in part.tables.items():
            frames.setdefault(name, []).append(pl.DataFrame(table))
    return {name: pl.concat(some) if len(some) > 1 else some[0] for name, some in frames.items()}


def _sentence(error: OSError | ValueError) -> str:
    said = (
        f"{error.filename} cannot be read ({error.strerror})"
        if isinstance(error, OSError) and error.filename
        else str(error)
    )
    return said if said.endswith(".") else f"{said}."
