"""Captures that come over HTTP are streamed into the state folder; no more of them stands in memory than a chunk."""

import os
import tempfile
from pathlib import Path
from typing import Any, Final

import anyio
from fastapi import Request
from python_multipart.multipart import MultipartParser, parse_options_header

NAME_LENGTH: Final = 120


class TooLarge(ValueError):  # noqa: N818  # reads as what it is
    """The capture is larger than the settings let in."""


class _Part:
    """Writes the first part that has a file name to a file, as the parser finds it."""

    def __init__(self, out: Any, limit: int) -> None:
        self.out, self.limit, self.size, self.name = out, limit, 0, ""
        self._field, self._value, self._headers = b"", b"", {}  # type: bytes, bytes, dict[bytes, bytes]
        self._open = False

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
        self._open = bool(name) and not self.name
        if self._open:
            self.name = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[:NAME_LENGTH]

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._open:
            return
        self.size += end - start
        if self.size > self.limit:
            raise TooLarge(
                f"The capture is larger than {self.limit // 1_000_000} MB; read it in the terminal with cordon read."
            )
        self.out.write(data[start:end])

    def on_part_end(self) -> None:
        self._open = False

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {name: getattr(self, name) for name in dir(self) if name.startswith("on_")}


async def spool(request: Request, folder: Path, limit: int) -> tuple[Path, str]:
    """Writes the file of a multipart request below the state folder; the path, and the name its sender gave it.

    Raises:
        TooLarge: it has more than `limit` bytes; nothing of it is kept.
        ValueError: the request holds no file.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise ValueError("No file came with the request; send it as multipart/form-data.")
    place = folder / "spool"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(prefix="capture-", dir=place)
    file = Path(path)
    try:
        with os.fdopen(handle, "wb") as out:
            part = _Part(out, limit)
            parser = MultipartParser(options[b"boundary"], callbacks=part.callbacks())  # type: ignore[arg-type]  # its own TypedDict
            async for chunk in request.stream():
                await anyio.to_thread.run_sync(parser.write, chunk)
            parser.finalize()
        if not part.name:
            raise ValueError("No file came with the request; choose a capture first.")
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file, part.name
