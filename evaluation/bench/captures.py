"""The captures that are measured on: made once, kept in a folder by what they were made from."""

import os
import tempfile
from collections.abc import Callable
from hashlib import blake2s
from pathlib import Path
from struct import unpack_from
from typing import Final

import numpy as np

import cordon.lab
from cordon.lab.mix.write import START, write_mix
from cordon.lab.wire.frames import IPV4, SYN, tcp_head
from cordon.lab.wire.pcap import HEADER, RECORD, sealed

PART: Final = 500_000
"""Packets that slow programs read."""

CONCURRENT: Final = 1_000_000
"""Flows that are open at once in the second capture."""

_AT_ONCE: Final = 50_000


def folder() -> Path:
    """Where captures are kept: the environment's BENCH_CACHE, or one of this user in the folder for temporary files."""
    here = Path(os.environ.get("BENCH_CACHE") or Path(tempfile.gettempdir()) / f"cordon-bench-{os.getuid()}")
    here.mkdir(mode=0o700, parents=True, exist_ok=True)
    return here


def mixed(packets: int, seed: int) -> Path:
    """The lab's mix."""

    def write(path: Path) -> None:
        write_mix(path, packets=packets, seed=seed)

    return _kept(f"mix-{packets}-{seed}", write)


def part_of(whole: Path) -> Path:
    """The first packets of a microsecond pcap file, as a file."""

    def write(path: Path) -> None:
        with whole.open("rb") as source, path.open("wb") as file:
            file.write(source.read(len(HEADER)))
            for _ in range(PART):
                record = source.read(RECORD.itemsize)
                if len(record) < RECORD.itemsize:
                    return
                file.write(record + source.read(unpack_from("<I", record, 8)[0]))

    return _kept(f"{whole.stem}-first-{PART}", write, whole.stat().st_mtime_ns, whole.stat().st_size)


def concurrent() -> Path:
    """A SYN to each of a million ends within four seconds."""
    return _kept(f"concurrent-{CONCURRENT}", _write_concurrent)


def _write_concurrent(path: Path) -> None:
    link = bytes.fromhex("02cdee00000102cdee000002") + IPV4
    frame = tcp_head(
        link, bytes.fromhex("0a1400050a000000"), (40_000, 23),
        ident=0, ttl=64, seq=0, ack=0, flags=SYN, window=14_600, size=0,
    )  # fmt: skip
    blob = np.frombuffer(bytes(RECORD.itemsize) + frame + bytes(6), np.uint8)
    with path.open("wb") as file:
        file.write(HEADER)
        for begin in range(0, CONCURRENT, _AT_ONCE):
            number = np.arange(begin, begin + _AT_ONCE)
            rows = np.tile(blob, (_AT_ONCE, 1))
            rows[:, 16 + 31 : 16 + 34] = number.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:]
            starts = np.arange(_AT_ONCE) * len(blob) + RECORD.itemsize
            lengths = np.full(_AT_ONCE, len(blob) - RECORD.itemsize)
            file.write(sealed(rows.reshape(-1), starts, lengths, START + number * 4))


def _kept(name: str, write: Callable[[Path], None], *of: object) -> Path:
    """The file of that name, written anew when the lab or what it is made of has changed; older ones are removed."""
    path = folder() / f"{name}.{_sources(*of)}.pcap"
    if not path.exists():
        for old in folder().glob(f"{name}.*.pcap"):
            old.unlink()
        print(f"writing {path}", flush=True)
        unfinished = path.with_suffix(".unfinished")
        write(unfinished)
        unfinished.replace(path)
    return path


def _sources(*of: object) -> str:
    lab = Path(cordon.lab.__path__[0])
    code = b"".join(file.read_bytes() for file in (*sorted(lab.rglob("*.py")), Path(__file__)))
    return blake2s(code + repr(of).encode(), digest_size=4).hexdigest()
