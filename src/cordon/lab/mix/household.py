"""Who is on the network of the mix, and the addresses outside."""

from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordon.lab.mix.draw import Bytes, Draw, Numbers, chance
from cordon.lab.mix.families import Where
from cordon.lab.site import CORE
from cordon.lab.wire.frames import mac

_DEVICES: Final = 600
_SERVING: Final = 40  # of them answer others: brokers, recorders, controllers
_TAKEN: Final = 24  # scan for Telnet
_OUTSIDE: Final = 4_096  # servers on the Internet
_LABELS: Final = 2_048  # different names of hosts in each zone
_NETWORK: Final = bytes((10, 20))
_UNUSED: Final = (10, 100, 127, 169, 172, 192, 198, 203)  # first octets with blocks that are not public (RFC 6890)
_PUBLIC: Final = np.array([octet for octet in range(11, 224) if octet not in _UNUSED], np.uint8)

TALK: Final = np.dtype(
    [
        ("client_mac", "u1", 6), ("server_mac", "u1", 6), ("client_ip", "u1", 4), ("server_ip", "u1", 4),
        ("client_ip6", "u1", 16), ("transaction", "u1", 4), ("serial", "u1", 8), ("label", "u1", 8), ("port", "u1", 2),
        ("query", "u1", 2), ("ident", "<u2"), ("client_first", "<u4"), ("server_first", "<u4"),
    ]
)  # fmt: skip
"""What one copy of a conversation puts into the holes; the last three are added to what the template counts."""


@dataclass(frozen=True, slots=True)
class Household:
    """The devices, the first of which is the router, as columns; and the servers outside."""

    macs: Bytes
    ips: Bytes
    ip6s: Bytes
    serials: Bytes
    outside: Bytes

    def talks(self, where: Where, count: int, begun: int, draw: Draw) -> NDArray[np.void]:
        """Chooses the ends of `count` conversations, of which `begun` came before."""
        talks = np.zeros(count, TALK)
        client = _clients(where, count, draw)
        for field, column in (("mac", self.macs), ("ip", self.ips), ("ip6", self.ip6s)):
            talks[f"client_{field}"] = column[client]
        talks["serial"] = self.serials[client]
        self._serve(talks, where, draw)
        talks["label"] = _letters(draw.below(_LABELS, count))
        talks["port"] = _big(1_024 + (np.arange(begun, begun + count) * 19) % 64_000)
        talks["query"], talks["transaction"] = draw.octets(count, 2), draw.octets(count, 4)
        for field in ("ident", "client_first", "server_first"):
            talks[field] = draw.below(1 << 32, count) & (0xFFFF if field == "ident" else 0xFFFF_FFFF)
        return talks

    def _serve(self, talks: NDArray[np.void], where: Where, draw: Draw) -> None:
        count = len(talks)
        if where == "inside":
            server = 1 + draw.below(_SERVING, count)
            talks["server_mac"], talks["server_ip"] = self.macs[server], self.ips[server]
            return
        talks["server_mac"] = self.macs[0]
        if where == "router":
            talks["server_ip"] = self.ips[0]
        elif where == "outside":
            talks["server_ip"] = self.outside[draw.below(_OUTSIDE, count)]
        else:
            talks["server_ip"] = _public(draw, count)


def _clients(where: Where, count: int, draw: Draw) -> Numbers:
    first = 1 + _SERVING
    return first + draw.below(_TAKEN if where == "anywhere" else _DEVICES - first, count)


def household(seed: int, draw: Draw) -> Household:
    """The site's devices many times over, each with its maker's prefix and an address in 10.20.0.0/16."""
    macs = []
    for number, unit in enumerate(islice(cycle(CORE), _DEVICES)):
        prefix = b"\x02\xcd\xee" if unit.random_mac else mac(unit.prefix)
        macs.append(prefix + number.to_bytes(2, "big") + chance(seed, "mac", number).randbytes(1))
    column = np.frombuffer(b"".join(macs), np.uint8).reshape(-1, 6)
    ips = b"".join(_NETWORK + bytes((number // 250, 1 + number % 250)) for number in range(_DEVICES))
    middle = np.broadcast_to(np.frombuffer(b"\xff\xfe", np.uint8), (_DEVICES, 2))
    prefix6 = np.broadcast_to(np.frombuffer(bytes.fromhex("fe80000000000000"), np.uint8), (_DEVICES, 8))
    flipped = column ^ np.array([2, 0, 0, 0, 0, 0], np.uint8)
    return Household(
        macs=column,
        ips=np.frombuffer(ips, np.uint8).reshape(-1, 4),
        ip6s=np.hstack([prefix6, flipped[:, :3], middle, column[:, 3:]]),
        serials=_letters(draw.below(1 << 32, _DEVICES)),
        outside=_public(draw, _OUTSIDE),
    )


def _public(draw: Draw, count: int) -> Bytes:
    address = draw.octets(count, 4).copy()
    address[:, 0] = _PUBLIC[draw.below(len(_PUBLIC), count)]
    address[:, 3] = 1 + address[:, 3] % 254
    return address


def _big(numbers: Numbers) -> Bytes:
    return numbers.astype(">u2").view(np.uint8).reshape(-1, 2)


def _letters(numbers: Numbers) -> Bytes:
    """Eight hexadecimal digits each."""
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    places = np.arange(28, -4, -4)
    letters: Bytes = digits[(numbers[:, None] >> places) & 15]
    return letters
