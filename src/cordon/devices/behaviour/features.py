"""Numbers of a packet's head that hold for every device of a type: no address, no identifier, no counter."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.float32]
Symbols = npt.NDArray[np.uint32]

NAMES: Final = (
    "gap", "size", "cast", "ether", "proto", "ttl", "options", "src_port", "dst_port", "src_class", "dst_class",
    "flags", "window", "header", "mss", "payload", "entropy",
)  # fmt: skip
"""The columns of the features, in their order."""

_PORTS: Final = (
    1883, 1900, 2081, 3478, 5353, 5355, 8080, 8443, 8883, 9999, 49152, 49153,
)  # fmt: skip
"""Ports above 1023 that mean the same on every device; other ones count by their class only (RFC 6335)."""
_REGISTERED, _DYNAMIC = 20_000, 50_000
_SYMBOL: Final = (
    "size",
    "cast",
    "ether",
    "proto",
    "ttl",
    "options",
    "src_port",
    "dst_port",
    "flags",
    "header",
    "mss",
    "payload",
)
_PRIMES: Final = np.array([0x9E3779B1 * (2 * place + 1) for place in range(len(_SYMBOL) + 1)], dtype=np.uint64)


def features(heads: pl.DataFrame) -> Numbers:
    """One row for each row of the table `heads`, of `NAMES`."""
    cast = heads["cast"].replace_strict({"unicast": 0, "multicast": 1, "broadcast": 2}, default=0)
    src, dst = heads["src_port"].to_numpy().astype(np.int64), heads["dst_port"].to_numpy().astype(np.int64)
    columns = {name: heads[name].to_numpy() for name in heads.columns if name in NAMES and name != "cast"}
    columns |= {
        "gap": np.log1p(np.clip(heads["gap"].to_numpy(), -1, None) + 1.0),
        "cast": cast.to_numpy(),
        "src_port": _known(src),
        "dst_port": _known(dst),
        "src_class": _class(src),
        "dst_class": _class(dst),
    }
    return np.stack([np.asarray(columns[name], dtype=np.float32) for name in NAMES], axis=1)


def symbols(numbers: Numbers) -> Symbols:
    """A number for each row that is the same for packets alike in all but time, window and content."""
    parts = [numbers[:, NAMES.index(name)].astype(np.uint64) for name in _SYMBOL]
    parts.append((numbers[:, NAMES.index("window")] // 64).astype(np.uint64))
    mixed = np.zeros(len(numbers), dtype=np.uint64)
    for prime, part in zip(_PRIMES, parts, strict=True):
        mixed = (mixed ^ (part * prime)) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _class(ports: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """None, system, registered, dynamic."""
    return np.select([ports == 0, ports < 1024, ports < 49_152], [0, 1, 2], 3)


def _known(ports: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    named = (ports < 1024) | np.isin(ports, _PORTS)
    return np.where(named, ports, np.where(ports < 49_152, _REGISTERED, _DYNAMIC))
