"""A forest of decision trees as plain arrays: read without what trained it, and nothing in it is executed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cordon.devices.behaviour.features import NAMES, Numbers

Shares = npt.NDArray[np.float32]

DEEPEST = 64
"""Steps from the root of a tree to any of its leaves, at most."""
AT_ONCE = 65_536
"""Ways through trees that are gone at once: as many as a processor's cache holds."""


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

    def probabilities(self, numbers: Numbers) -> Shares:
        """How likely each packet (row) is of each class (column), the mean over all trees."""
        total = np.zeros((len(numbers), self.shares.shape[1]), dtype=np.float32)
        at_once = max(1, AT_ONCE // max(len(self.roots), 1))
        for begin in range(0, len(numbers), at_once):
            part = total[begin : begin + at_once]
            for leaves in self._leaves(numbers[begin : begin + at_once]):
                part += self.shares[leaves]
        mean: Shares = total / np.float32(max(len(self.roots), 1))
        return mean

    def _leaves(self, numbers: Numbers) -> npt.NDArray[np.int32]:
        """For each tree (row) and packet (column) the row of `shares` that it ends in; all go down together."""
        packets, columns = numbers.shape
        flat = np.ascontiguousarray(numbers).reshape(-1)
        place = np.tile(np.arange(packets) * columns, len(self.roots))
        at = np.repeat(self.roots, packets)
        inner = np.flatnonzero(self.left[at] >= 0)
        for _ in range(DEEPEST):
            if not len(inner):
                break
            node = at[inner]
            goes_left = flat[place[inner] + self.feature[node]] <= self.threshold[node]
            reached = np.where(goes_left, self.left[node], self.right[node])
            at[inner] = reached
            inner = inner[self.left[reached] >= 0]
        leaves: npt.NDArray[np.int32] = ~self.left[at].reshape(len(self.roots), packets)
        return leaves

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
        made = cls(
            roots=np.array(plain["roots"], dtype=np.int32),
            feature=np.array(plain["feature"], dtype=np.int16),
            threshold=np.array(plain["threshold"], dtype=np.float32),
            left=np.array(plain["left"], dtype=np.int32),
            right=np.array(plain["right"], dtype=np.int32),
            shares=shares,
        )
        nodes = len(made.left)
        sound = (
            nodes == len(made.right) == len(made.feature) == len(made.threshold)
            and ((made.roots >= 0) & (made.roots < nodes)).all()
            and ((made.left < nodes) & (made.left >= -len(shares))).all()
            and ((made.right < nodes) & (made.right >= -1)).all()
            and ((made.feature >= 0) & (made.feature < len(NAMES))).all()
        )
        if not sound:
            raise ValueError("the forest points outside itself")
        return made
