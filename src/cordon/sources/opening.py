"""Which source reads what a person names: captures, logs of sensors or of devices, told by their content."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from cordon.model.window import Window
from cordon.sources import suricata, syslog, zeek
from cordon.sources.capture import CaptureSource, captures, expand, looks_like_capture
from cordon.sources.context import Context
from cordon.sources.errors import SourceError
from cordon.sources.logs import LogSource

LOG_ENDINGS: Final = (".log", ".json", ".jsonl", ".ndjson", ".log.gz", ".json.gz", ".jsonl.gz", ".ndjson.gz")
SAYS: Final = {"capture": "captures", "zeek": "Zeek logs", "suricata": "Suricata events", "syslog": "logs of devices"}


class FileSource(Protocol):
    """What all sources that read files offer."""

    kind: str
    site: str
    segment: str
    files: tuple[Path, ...]

    def __iter__(self) -> Iterator[Window]: ...
    @property
    def prints(self) -> tuple[str, ...]:
        """Fingerprints of the files, in their order."""

    @property
    def label(self) -> str:
        """What people call it."""

    def progress(self) -> tuple[int, int]:
        """Bytes read so far, and in all."""

    def stats(self) -> dict[str, int]:
        """Counters so far: packets, bytes, flows, evicted, first, last (µs)."""

    def damaged(self) -> dict[str, int]:
        """Damage so far, kind → count."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files of one kind (capture, zeek, suricata, syslog), checked and in their order."""

    kind: str
    files: tuple[Path, ...]


def recognise(paths: Sequence[str | Path]) -> Inputs:
    """The files meant, and what they are: a folder stands for what can be read below it, a pattern for its matches.

    Raises:
        SourceError: a path is missing, empty, unreadable or nothing that can be read, or they are of several kinds.
    """
    if not paths:
        raise SourceError("No capture was given; name one or more files, or a folder.")
    found: dict[str, list[Path]] = {}
    for path in paths:
        given = expand(path, _looks_readable, "captures, Zeek logs or Suricata events")
        for file in given:
            kind = _kind(file)
            if kind:
                found.setdefault(kind, []).append(file)
            elif file == Path(path):
                if not file.stat().st_size:
                    captures([file])  # says that it is empty
                raise SourceError(f"{file} is a log that tells nothing of devices; name conn.log, or the folder.")
        if not any(file in of_kind for of_kind in found.values() for file in given):
            raise SourceError(f"{path} holds logs, but none that tells of devices; name conn.log or eve.json.")
    if len(found) > 1:
        kinds = " and ".join(SAYS[kind] for kind in sorted(found))
        raise SourceError(f"These are {kinds}; read one kind after the other, they add up in one state.")
    kind, files = next(iter(found.items()))
    return Inputs(kind, captures(files) if kind == "capture" else tuple(dict.fromkeys(files)))


def open_source(
    paths: Sequence[str | Path],
    *,
    site: str,
    window: int,
    segment: str = "lan",
    secret_key: bytes,
    networks: Sequence[str] = (),
) -> FileSource:
    """Opens files of one kind as windows; `window` is in µs, `secret_key` has 32 bytes, `networks` are those of the
    site whose addresses are public: in logs without MAC addresses theirs are devices too.

    Raises:
        SourceError: one of them cannot be read, or they are of several kinds; nothing was read then.
    """
    given = recognise(paths)
    if given.kind == "capture":
        return CaptureSource(given.files, site=site, window=window, segment=segment, secret_key=secret_key)
    context = Context(segment, secret_key)
    parse = partial(PARSERS[given.kind], context=context)
    return LogSource(given.files, parse, kind=given.kind, site=site, window=window, segment=segment, networks=networks)


PARSERS: Final = {"zeek": zeek.parse, "suricata": suricata.parse, "syslog": syslog.parse}


def _looks_readable(file: Path) -> bool:
    return looks_like_capture(file) or file.name.lower().endswith(LOG_ENDINGS)


def _kind(file: Path) -> str:
    """capture, zeek, suricata or syslog; "" for a log nothing is read from.

    Raises:
        SourceError: the file cannot be read, or is none of these.
    """
    if not file.is_file():
        captures([file])  # says what is wrong with it
    if suricata.is_eve(file):
        return "suricata"
    log = zeek.kind_of(file)
    if log:
        return "zeek" if log != "other" else ""
    if syslog.is_syslog(file):
        return "syslog"
    if file.name.lower().endswith(LOG_ENDINGS) and not looks_like_capture(file):
        return ""
    captures([file])
    return "capture"
