"""A forest of decision trees as plain arrays: read without what trained it, and nothing in it is executed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cordon import _native
from cordon.devices.behaviour.features import NAMES, Numbers

Shares = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Nodes of all trees in one: where `left` is below 0 a node is a leaf, and ``~left`` is the row of its shares.

    A packet goes left where its feature is at most the threshold. ``shares`` has a column for each class.
    """

    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    shares: Shares
    _walk: _native.Forest = field(init=False, repr=False)

    def __post_init__(self) -> None:
        arrays = {
            name: getattr(self, name).astype(np.int32).tobytes() for name in ("roots", "feature", "left", "right")
        }
        floats = {name: getattr(self, name).astype(np.float32).tobytes() for name in ("threshold", "shares")}
        walk = _native.Forest(**arrays, **floats, classes=self.shares.shape[1], columns=len(NAMES))
        object.__setattr__(self, "_walk", walk)

    def probabilities(self, numbers: Numbers) -> Shares:
        """How likely each packet (row) is of each class (column), the mean over all trees."""
        told = self._walk.shares(np.ascontiguousarray(numbers, dtype=np.float32).tobytes())
        shares: Shares = np.frombuffer(told, dtype=np.float32).reshape(len(numbers), self.shares.shape[1])
        return shares

    def plain(self) -> dict[str, Any]:
        """As values of JSON; of a leaf only the classes that it has are told."""
        rows = [[[int(place), round(float(row[place]), 3)] for place in np.flatnonzero(row)] for row in self.shares]
        return {
            "roots": self.roots.tolist(),
            "feature": self.feature.tolist(),
            "threshold": [round(float(value), 4) for value in self.threshold],
            "left": self.left.tolist(),
            "right": self.right.tolist(),
            "shares": rows,
            "classes": self.shares.shape[1],
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Forest":
        """The forest of `plain`.

        Raises:
            ValueError: a number points outside the forest.
        """
        shares = np.zeros((len(plain["shares"]), plain["classes"]), dtype=np.float32)
        for row, told in enumerate(plain["shares"]):
            for place, share in told:
                shares[row, place] = share
        return cls(
            roots=np.array(plain["roots"], dtype=np.int32),
            feature=np.array(plain["feature"], dtype=np.int16),
            threshold=np.array(plain["threshold"], dtype=np.float32),
            left=np.array(plain["left"], dtype=np.int32),
            right=np.array(plain["right"], dtype=np.int32),
            shares=shares,
        )
