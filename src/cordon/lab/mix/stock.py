"""Templates of conversations as arrays: frames end to end, and where their holes are."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordon.lab.mix import script
from cordon.lab.mix.draw import Bytes, Numbers, chance
from cordon.lab.mix.families import FAMILIES
from cordon.lab.wire.pcap import RECORD

_ANYWHERE: Final = {
    "client_mac": script.CLIENT_MAC,
    "server_mac": script.SERVER_MAC,
    "client_ip": script.CLIENT_IP,
    "server_ip": script.SERVER_IP,
    "client_ip6": script.CLIENT_IP6,
    "transaction": script.TRANSACTION,
    "serial": script.SERIAL,
    "label": script.LABEL,
}
"""Placeholders that are long enough to be known wherever they stand."""

_TCP, _UDP = 6, 17
_PORT, _QUERY = script.PORT.to_bytes(2, "big"), script.QUERY.to_bytes(2, "big")


@dataclass(frozen=True, slots=True)
class Hole:
    """A place of at most one in each frame, filled with `field` of the talk; -1 where a frame has none."""

    field: str
    at: Numbers


@dataclass(frozen=True, slots=True)
class Stock:
    """All templates. Frames of template t are `first[t]` to `first[t + 1]`, in the order of their times (µs)."""

    blobs: list[bytes]  # a blank pcap record, the frame, and a byte that makes its length even
    lengths: Numbers
    times: Numbers
    first: Numbers
    holes: tuple[Hole, ...]
    four: NDArray[np.bool_]  # IPv4
    tcp: NDArray[np.bool_]
    from_client: NDArray[np.bool_]
    acknowledges: NDArray[np.bool_]
    sequence: NDArray[np.uint32]
    acknowledged: NDArray[np.uint32]
    families: tuple[Numbers, ...]  # the templates of each family

    def sizes(self, templates: Numbers) -> Numbers:
        """How many frames each has."""
        return np.asarray(self.first[templates + 1] - self.first[templates])


def stocked(seed: int) -> Stock:
    """Builds every family's conversations."""
    frames: list[bytes] = []
    times: list[int] = []
    first = [0]
    families = []
    for family in FAMILIES:
        begin = len(first) - 1
        for talk in family.scripts(chance(seed, family.name)):
            for time, frame in sorted(talk.frames, key=lambda one: one[0]):
                times.append(time)
                frames.append(frame)
            first.append(len(frames))
        families.append(np.arange(begin, len(first) - 1))
    heads = np.frombuffer(b"".join(frame[:58].ljust(58, b"\0") for frame in frames), np.uint8).reshape(-1, 58)
    four = (heads[:, 12] == 8) & (heads[:, 13] == 0)
    tcp = four & (heads[:, 23] == _TCP)
    return Stock(
        blobs=[bytes(RECORD.itemsize) + frame + bytes(len(frame) & 1) for frame in frames],
        lengths=np.array([len(frame) for frame in frames], np.int64),
        times=np.array(times, np.int64),
        first=np.array(first, np.int64),
        holes=_holes(frames),
        four=four,
        tcp=tcp,
        from_client=(heads[:, 6:12] == np.frombuffer(script.CLIENT_MAC, np.uint8)).all(axis=1),
        acknowledges=tcp & (heads[:, 47] & 16 != 0),
        sequence=_words(heads, 38),
        acknowledged=_words(heads, 42),
        families=tuple(families),
    )


def _words(heads: Bytes, at: int) -> NDArray[np.uint32]:
    return np.ascontiguousarray(heads[:, at : at + 4]).view(">u4")[:, 0].astype(np.uint32)


def _holes(frames: list[bytes]) -> tuple[Hole, ...]:
    places: dict[tuple[str, int], dict[int, int]] = {}
    for number, frame in enumerate(frames):
        seen: dict[str, int] = {}
        for field, at in _places(frame):
            turn = seen[field] = seen.get(field, -1) + 1
            places.setdefault((field, turn), {})[number] = at
    holes = []
    for (field, _), found in sorted(places.items()):
        column = np.full(len(frames), -1, np.int64)
        column[list(found)] = list(found.values())
        holes.append(Hole(field, column))
    return tuple(holes)


def _places(frame: bytes) -> list[tuple[str, int]]:
    """Each placeholder in a frame, with where it begins."""
    found = []
    for field, mark in _ANYWHERE.items():
        at = frame.find(mark)
        while at >= 0:
            found.append((field, at))
            at = frame.find(mark, at + len(mark))
    if frame[12:14] == b"\x08\0" and frame[23] in (_TCP, _UDP):
        found += [("port", at) for at in (34, 36) if frame[at : at + 2] == _PORT]
        if frame[23] == _UDP and frame[42:44] == _QUERY:
            found.append(("query", 42))
    return found
