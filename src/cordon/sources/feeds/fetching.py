"""A feed's bytes, from a file or over HTTP: never more, and never longer, than a feed may take."""

import http.client
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

from cordon.sources.errors import SourceError

MOST_BYTES: Final = 64 << 20
"""The largest feed, unpacked."""
MOST_SECONDS: Final = 120.0
"""The longest that fetching may take in all."""
PATIENCE: Final = 20.0
"""Seconds without a byte."""
_PIECE: Final = 1 << 16


def is_url(source: str) -> bool:
    """Whether a feed is fetched over HTTP rather than read from a file."""
    return source.lower().startswith(("http://", "https://"))


def shown(source: str) -> str:
    """A source as it may be shown: what stands behind the question mark, or before the host, is often a secret."""
    if not is_url(source):
        return source
    try:
        parts = urlsplit(source)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "The address"
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def fetch(source: str, *, most_bytes: int = MOST_BYTES, most_seconds: float = MOST_SECONDS) -> bytes:
    """All bytes of a feed, unpacked where they are gzip.

    Raises:
        SourceError: it cannot be had, is too large, or took too long; the message says which and where.
    """
    data = _over_http(source, most_bytes, most_seconds) if is_url(source) else _from_file(Path(source), most_bytes)
    return _unpacked(data, source, most_bytes) if data[:2] == b"\x1f\x8b" else data


def _from_file(path: Path, most_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist.") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}).") from None
    if len(data) > most_bytes:
        raise _too_large(str(path), most_bytes)
    return data


class _OnlyHttp(urllib.request.HTTPRedirectHandler):
    """Follows to where HTTP leads, and to no other kind of place."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The request of the new place."""
        if not is_url(newurl):
            raise urllib.error.URLError(f"it leads to {newurl[:60]}, which is not HTTP")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _over_http(url: str, most_bytes: int, most_seconds: float) -> bytes:
    where, until = shown(url), time.monotonic() + most_seconds
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "Cordon", "Accept-Encoding": "gzip"})  # noqa: S310  # http or https: `is_url`
        opener = urllib.request.build_opener(_OnlyHttp)
        data = bytearray()
        with opener.open(request, timeout=min(PATIENCE, most_seconds)) as answer:
            while piece := answer.read1(_PIECE):
                data += piece
                if len(data) > most_bytes:
                    raise _too_large(where, most_bytes)
                if time.monotonic() > until:
                    raise SourceError(
                        f"{where} took longer than {most_seconds:.0f} s; try again, or fetch it yourself."
                    )
            whole = answer.headers.get("Content-Length")
        if whole and whole.isdigit() and len(data) < int(whole):
            raise SourceError(f"{where} was cut short ({len(data):,} of {int(whole):,} bytes came); try again.")
    except urllib.error.HTTPError as error:
        error.close()
        raise SourceError(f"{where} answered {error.code} {error.reason}.") from None
    except TimeoutError:
        raise SourceError(f"{where} did not answer in time; try again.") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise SourceError(f"{where} cannot be fetched ({reason}).") from None
    return bytes(data)


def _unpacked(data: bytes, source: str, most_bytes: int) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    try:
        text = machine.decompress(data, most_bytes + 1)
    except zlib.error:
        raise SourceError(f"{shown(source)} is damaged: it does not unpack.") from None
    if len(text) > most_bytes:
        raise _too_large(shown(source), most_bytes)
    if not machine.eof:
        raise SourceError(f"{shown(source)} was cut short; fetch it again.")
    return text


def _too_large(where: str, most: int) -> SourceError:
    return SourceError(f"{where} is larger than {most >> 20} MB; choose a smaller feed.")
