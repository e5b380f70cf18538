"""Chance for many things at once, the same on every machine."""

from hashlib import blake2s
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_WORD: Final = np.uint64(32)


class Draw:
    """Whole numbers out of PCG64's raw stream: the stream alone is promised to stay (NumPy's NEP 19)."""

    def __init__(self, seed: int) -> None:
        self._source = np.random.PCG64(seed)

    def below(self, limit: int, count: int) -> Numbers:
        """`count` numbers from 0 to `limit` - 1; `limit` is at most 2^32."""
        raw = self._source.random_raw(count) >> _WORD
        return np.asarray((raw * np.uint64(limit)) >> _WORD, dtype=np.int64)

    def octets(self, count: int, width: int) -> Bytes:
        """`count` rows of `width` bytes."""
        words = np.asarray(self._source.random_raw(count * ((width + 7) // 8)), dtype="<u8")
        return words.view(np.uint8).reshape(count, -1)[:, :width]


def chance(seed: int, *what: object) -> Random:
    """Chance for one thing, apart from all others."""
    return Random(blake2s("/".join(map(str, (seed, *what))).encode()).digest())
