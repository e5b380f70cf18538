"""What rows tell of a flow's packets is what the packets themselves say, read here once more in the plainest way."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cordon.model.regrid import Regrid
from cordon.model.tables import SECOND, STEP
from cordon.sources import CaptureSource

SYN, FIN, ACK = 2, 1, 16
FIRSTS = 16
Frame = tuple[int, bytes]


def tcp(ends: tuple[int, int], ports: tuple[int, int], flags: int, number: int, size: int) -> bytes:
    head = struct.pack(">HHIIBBHHH", *ports, number % 2**32, 0, 0x50, flags, 0, 0, 0)
    return ipv4(ends, 6, head + bytes(size))


def udp(ends: tuple[int, int], ports: tuple[int, int], size: int) -> bytes:
    return ipv4(ends, 17, struct.pack(">HHHH", *ports, 8 + size, 0) + bytes(size))


def ipv4(ends: tuple[int, int], proto: int, body: bytes) -> bytes:
    macs = bytes([2, 0, 0, 0, 0, ends[1], 2, 0, 0, 0, 0, ends[0], 8, 0])
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, proto, 0)
    return macs + head + bytes([10, 0, 0, ends[0], 10, 0, 0, ends[1]]) + body


def connection(draw: Random, port: int) -> Iterator[Frame]:
    """A long connection with segments that come twice, late, or only to keep it alive."""
    time, ends, ports = STEP + draw.randrange(5 * STEP), (9, 1), (port, 7777)
    numbers = [draw.randrange(2**32), draw.randrange(2**32)]
    for side, flags in enumerate((SYN, SYN | ACK)):
        for _ in range(draw.choice((1, 2))):
            time += draw.randrange(SECOND)
            yield time, tcp(ends[:: 1 - 2 * side], ports[:: 1 - 2 * side], flags, numbers[side], 0)
        numbers[side] += 1
    for _ in range(60):
        side, size = draw.randrange(2), draw.randrange(2, 900)
        way, back = ends[:: 1 - 2 * side], ports[:: 1 - 2 * side]
        first = tcp(way, back, ACK, numbers[side], size)
        second = tcp(way, back, ACK, numbers[side] + size, 50)
        alive = tcp(way, back, ACK, numbers[side] + size + 49, 1)
        said = [[first, second], [second, first], [first, second, first], [first, second, alive]][draw.randrange(4)]
        for frame in said:
            time += draw.choice((-500, draw.randrange(2000), draw.randrange(9 * SECOND)))
            yield time, frame
        numbers[side] += size + 50
    yield time + 1, tcp(ends, ports, ACK | FIN, numbers[0], 0)
    yield time + 2, tcp(ends, ports, ACK | FIN, numbers[0], 0)


def datagrams(draw: Random, port: int) -> Iterator[Frame]:
    time = STEP + draw.randrange(STEP)
    for _ in range(draw.randrange(1, 40)):
        time += draw.choice((-300, draw.randrange(20 * SECOND)))
        yield time, udp(draw.choice([(8, 1), (1, 8)]), (port, port), draw.randrange(700))


def traffic() -> list[Frame]:
    """All conversations woven together; each keeps its order, in which times now and then go back."""
    draw, woven = Random(11), []
    flows = [*(connection(draw, port) for port in range(2000, 2012)), *(datagrams(draw, p) for p in range(3000, 3012))]
    for frames in map(list, flows):
        reached = accumulate((time for time, _ in frames), max)
        woven += [(moment, place, frame) for place, (moment, frame) in enumerate(zip(reached, frames, strict=True))]
    return [frame for _, _, frame in sorted(woven, key=lambda one: one[:2])]


def written(path: Path, frames: list[Frame]) -> Path:
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    for time, frame in frames:
        data += struct.pack("<IIII", *divmod(time, SECOND), len(frame), len(frame)) + frame
    path.write_bytes(data)
    return path


@dataclass
class Seen:
    """A flow as it is followed here."""

    opener: bytes
    last: int
    count: int = 0
    numbers: dict[bytes, set[int]] = field(default_factory=dict)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)


def read(frames: list[Frame]) -> pl.DataFrame:
    """Each flow's rows by step, from the bytes of the frames; a flow is what shares its ports."""
    flows: dict[int, Seen] = {}
    for time, frame in frames:
        source, body = frame[26:30], frame[34:]
        ports = struct.unpack(">HH", body[:4])
        seen = flows.setdefault(min(ports) if ports[0] != ports[1] else ports[0], Seen(source, time))
        tell(seen, time, frame, source)
    rows = [
        {"port": port, "step": step, **row} for port, seen in flows.items() for step, row in sorted(seen.rows.items())
    ]
    return pl.DataFrame(rows).sort("port", "step")


def tell(seen: Seen, time: int, frame: bytes, source: bytes) -> None:
    row = seen.rows.setdefault(time - time % STEP, {"sizes": [], "gaps": [], "all_sizes": [], "all_gaps": [], "re": []})
    gap = max(0, time - seen.last)
    row["all_sizes"].append(len(frame))
    if seen.count:
        row["all_gaps"].append(gap)
    if seen.count < FIRSTS:
        row["sizes"].append(len(frame) if source == seen.opener else -len(frame))
        row["gaps"].append(gap)
    if frame[23] == 6 and is_resent(seen.numbers.setdefault(source, set()), frame[34:]):
        row["re"].append(source == seen.opener)
    seen.last, seen.count = time, seen.count + 1


def is_resent(numbers: set[int], body: bytes) -> bool:
    """Whether every number of the segment was seen before, and it does more than to keep the connection alive."""
    number, flags = struct.unpack_from(">I", body, 4)[0], body[13]
    size = len(body) - 20 + (flags & SYN > 0) + (flags & FIN > 0)
    brought = {(number + offset) % 2**32 for offset in range(size)}
    is_old = bool(brought) and brought <= numbers
    keeps_alive = size == 1 and not flags & (SYN | FIN) and (number + 1) % 2**32 not in numbers
    numbers |= brought
    return is_old and not keeps_alive


def summed(rows: pl.DataFrame) -> pl.DataFrame:
    sizes, gaps = pl.col("all_sizes"), pl.col("all_gaps")
    return rows.select(
        "port",
        "step",
        pl.col("re").list.sum().cast(pl.Int64).alias("resent_out"),
        (pl.col("re").list.len() - pl.col("re").list.sum()).cast(pl.Int64).alias("resent_in"),
        sizes.list.min().alias("size_min"),
        sizes.list.max().alias("size_max"),
        sizes.list.eval(pl.element() ** 2).list.sum().alias("size_squares"),
        *(
            of.fill_null(0).alias(name)
            for name, of in {"gap_min": gaps.list.min(), "gap_max": gaps.list.max(), "gap_sum": gaps.list.sum()}.items()
        ),
        gaps.list.eval(pl.element() ** 2).list.sum().alias("gap_squares"),
        pl.col("sizes").cast(pl.List(pl.Int32)),
        pl.col("gaps").cast(pl.List(pl.Int64)),
    )


@pytest.mark.parametrize("window", [1, 10, 60, 3600])
def test_rows_tell_what_the_packets_say_however_long_the_windows(tmp_path: Path, window: int) -> None:
    frames = traffic()
    path = written(tmp_path / "flows.pcap", frames)
    source = CaptureSource([path], site="lab", window=window * SECOND, secret_key=bytes(32))
    regrid = Regrid("lab")
    whole = [*(one for given in source for one in regrid.feed(given)), *regrid.flush()]
    flows = pl.concat([one.table("flows") for one in whole])
    told = flows.filter(pl.col("packets_out") + pl.col("packets_in") > 0).with_columns(
        pl.min_horizontal("src_port", "dst_port").cast(pl.Int64).alias("port")
    )
    expected = summed(read(frames))
    assert flows["flow"].n_unique() == 24
    assert expected["resent_out"].sum() > 0
    assert_frame_equal(told.select(expected.columns).sort("port", "step"), expected)
