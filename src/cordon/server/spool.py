"""Captures that come over HTTP are streamed into the state folder; no more of them stands in memory than a chunk."""

import shutil
import tempfile
from pathlib import Path
from typing import IO, Any, Final

import anyio
from fastapi import Request
from python_multipart.multipart import MultipartParser, parse_options_header

NAME_LENGTH: Final = 120
MOST_FILES: Final = 1000


class TooLarge(ValueError):  # noqa: N818  # reads as what it is
    """The captures are larger than the settings let in."""


class _Parts:
    """Writes every part that has a file name to a file of its own, as the parser finds it."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.files: list[Path] = []
        self._folder, self._limit, self._size = folder, limit, 0
        self._field = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._out: IO[bytes] | None = None

    def on_part_begin(self) -> None:
        self._headers = {}

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        if name and len(self.files) < MOST_FILES:
            file = self._folder / str(len(self.files)) / plain_name(name)
            file.parent.mkdir()
            self.files.append(file)
            self._out = file.open("wb")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._out is None:
            return
        self._size += end - start
        if self._size > self._limit:
            raise TooLarge(
                f"More than {self._limit // 1_000_000} MB came; stop Cordon and read so much with cordon read."
            )
        self._out.write(data[start:end])

    def on_part_end(self) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file being written."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {name: getattr(self, name) for name in dir(self) if name.startswith("on_")}


def plain_name(name: str) -> str:
    """A name that is a file's name and nothing else, whatever was sent."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-NAME_LENGTH:].lstrip(".") or "capture"


async def spool(request: Request, state: Path, limit: int) -> tuple[Path, ...]:
    """Writes the files of a multipart request below the state folder, each under the name its sender gave it.

    Raises:
        TooLarge: together they have more than `limit` bytes; nothing of them is kept.
        ValueError: the request holds no file.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise ValueError("No file came with the request; send it as multipart/form-data.")
    place = state / "spool"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=place))
    parts = _Parts(folder, limit)
    complete = False
    try:
        parser = MultipartParser(options[b"boundary"], callbacks=parts.callbacks())  # type: ignore[arg-type]  # its own TypedDict
        async for chunk in request.stream():
            await anyio.to_thread.run_sync(parser.write, chunk)
        parser.finalize()
        if not parts.files:
            raise ValueError("No file came with the request; choose a capture first.")
        complete = True
    finally:
        parts.close()
        if not complete:
            shutil.rmtree(folder, ignore_errors=True)
    return tuple(parts.files)


def discard(files: tuple[Path, ...]) -> None:
    """Deletes spooled files when they have been read."""
    for folder in {file.parent.parent for file in files}:
        shutil.rmtree(folder, ignore_errors=True)
