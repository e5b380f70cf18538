"""Text files, plain or packed with gzip, in blocks of whole lines: no more stands in memory than one block."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cordon.sources.damage import Damage
from cordon.sources.errors import SourceError

BLOCK: Final = 16 << 20
"""Bytes of unpacked text in a block, and the most a single line may have."""

GZIP: Final = b"\x1f\x8b"
_READ: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file. `line` is the number of the first, `position` how many bytes of the file were read."""

    text: str
    line: int
    position: int


def head(path: Path, size: int = 1 << 16) -> bytes:
    """The first bytes of the text, unpacked; what cannot be unpacked is left out.

    Raises:
        SourceError: the file is missing or may not be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(GZIP))
            file.seek(0)
            if start != GZIP:
                return file.read(size)
            with gzip.open(file) as packed:
                return packed.read(size)
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist; check the name.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return _unpacked_start(path, size)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}).") from None


def _unpacked_start(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(size)
    try:
        return zlib.decompressobj(wbits=31).decompress(data, size)
    except zlib.error:
        return b""


def blocks(path: Path, damage: Damage, size: int = BLOCK) -> Iterator[Block]:
    """The file in blocks. A packed file that ends too early, bytes that are no UTF-8 and lines longer than a block
    are counted as damage; what is whole is read.

    Raises:
        SourceError: the file vanished or cannot be read any more.
    """
    line, rest, dropping = 1, b"", False
    try:
        with path.open("rb") as file:
            for piece in _pieces(file, path.name, damage, size):
                whole, newline, after = piece.rpartition(b"\n")
                if not newline:
                    rest += piece
                    if len(rest) > size:
                        damage.add("line too long", f"{path.name}:{line}", 0 if dropping else 1)
                        rest, dropping = b"", True
                    continue
                data, rest = rest + whole, after
                if dropping:
                    data, dropping = data.partition(b"\n")[2], False
                    line += 1
                yield _block(data, line, file.tell(), path.name, damage)
                line += data.count(b"\n") + 1
            if rest and not dropping:
                yield _block(rest, line, file.tell(), path.name, damage)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}).") from None


def _pieces(file: IO[bytes], name: str, damage: Damage, size: int) -> Iterator[bytes]:
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    stream: gzip.GzipFile | IO[bytes] = gzip.GzipFile(fileobj=file) if packed else file
    held = bytearray()
    try:
        while piece := stream.read(_READ):  # small reads keep what a damaged packed file holds before the damage
            held += piece
            if len(held) >= size:
                yield bytes(held)
                held.clear()
    except EOFError:
        damage.add("packed file cut short", name)
    except (zlib.error, gzip.BadGzipFile):
        damage.add("packed file damaged", name)
    if held:
        yield bytes(held)


def _block(data: bytes, line: int, position: int, name: str, damage: Damage) -> Block:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data.count(b"\n", 0, error.start)
        damage.add("not UTF-8", f"{name}:{line + before}")
        text = data.decode("utf-8", "replace")
    return Block(text.replace("\0", "\ufffd"), line, position)
