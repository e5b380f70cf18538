"""Joins what packets' heads and a device's own words say into one answer with its probability, or refuses."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cordon.devices.behaviour.features import Numbers, symbols
from cordon.devices.behaviour.forest import Forest

Scores = npt.NDArray[np.float64]

ENOUGH: Final = 13
"""Packets from which on an answer is worth something (IoTDevID, 2022)."""
WORDS: Final = 0.02
"""How much what a device says of itself counts beside how it speaks: names are many, and say the same thing again."""
_LEAST: Final = 0.005  # no class is ever ruled out by the packets alone
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """The likeliest label and how likely it is, 0 to 1; and how well the device fits what is known at all, 0 to 2."""

    label: str
    probability: float
    fits: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What was learned of some types.

    Args:
        labels: the types.
        forest: what one packet says.
        known: for each type the symbols of its packets, sorted.
        vocabulary: tokens, and in which column of `present` each stands.
        present: how often a device of a type (row) has a token (column), 0 to 1, never quite either.
        rarity: how much each token tells.
        temperature: what scores are divided by, so that probabilities hold what they promise.
        refuse: below this `Answer.fits` a device is none of these.
    """

    labels: tuple[str, ...]
    forest: Forest
    known: tuple[npt.NDArray[np.uint32], ...]
    vocabulary: Mapping[str, int]
    present: Scores
    rarity: Scores
    temperature: float = 1.0
    refuse: float = 0.0

    def answer(self, numbers: Numbers, said: frozenset[str] = frozenset()) -> Answer:
        """What speaks so; `said` are the device's tokens, none to go by behaviour alone."""
        return self.weigh(self.forest.probabilities(numbers), numbers, said)

    def weigh(self, shares: npt.NDArray[np.float32], numbers: Numbers, said: frozenset[str]) -> Answer:
        """The same, where what each packet says is known already."""
        scores = self.scores(shares, said)
        best = int(scores.argmax())
        spread = np.exp((scores - scores.max()) / self.temperature)
        seen = np.isin(symbols(numbers), self.known[best]).mean() if len(numbers) else 0.0
        return Answer(self.labels[best], float(1 / spread.sum()), float(_mean(shares)[best] + seen))

    def scores(self, shares: npt.NDArray[np.float32], said: frozenset[str]) -> Scores:
        """How well each type explains all packets together, and what the device says of itself; logarithms."""
        scores: Scores = np.log(_mean(shares) + _LEAST) + WORDS * self.words(said)
        return scores

    def words(self, said: frozenset[str]) -> Scores:
        """What the tokens speak for, as logarithms; the likeliest type has 0. Unknown tokens say nothing."""
        if not said or not self.vocabulary:
            return np.zeros(len(self.labels))
        has = np.zeros(len(self.vocabulary))
        has[[self.vocabulary[token] for token in said if token in self.vocabulary]] = 1
        likely = np.log(self.present) @ (has * self.rarity)
        likely += 0.2 * np.log(1 - self.present) @ ((1 - has) * self.rarity)  # what is not said may yet be
        scores: Scores = likely / self.rarity.mean()
        scores -= scores.max()
        return scores

    def plain(self) -> dict[str, Any]:
        """As values of JSON."""
        return {
            "format": _FORMAT,
            "labels": list(self.labels),
            "forest": self.forest.plain(),
            "known": [one.tolist() for one in self.known],
            "vocabulary": sorted(self.vocabulary, key=lambda token: self.vocabulary[token]),
            "present": np.round(self.present, 3).tolist(),
            "rarity": np.round(self.rarity, 3).tolist(),
            "temperature": round(self.temperature, 4),
            "refuse": round(self.refuse, 4),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Model":
        """The model of `plain`.

        Raises:
            ValueError: it is of another format, or does not fit together.
        """
        if plain.get("format") != _FORMAT:
            raise ValueError(f"a model of format {plain.get('format')}; this Cordon reads {_FORMAT}")
        made = cls(
            labels=tuple(plain["labels"]),
            forest=Forest.of(plain["forest"]),
            known=tuple(np.array(one, dtype=np.uint32) for one in plain["known"]),
            vocabulary={token: place for place, token in enumerate(plain["vocabulary"])},
            present=np.array(plain["present"], dtype=np.float64).reshape(len(plain["labels"]), -1),
            rarity=np.array(plain["rarity"], dtype=np.float64),
            temperature=float(plain["temperature"]),
            refuse=float(plain["refuse"]),
        )
        if not len(made.labels) == len(made.known) == made.forest.shares.shape[1]:
            raise ValueError("the model has not the same types everywhere")
        return made


def _mean(shares: npt.NDArray[np.float32]) -> Scores:
    """What all packets say together: each has a vote."""
    if not len(shares):
        return np.full(shares.shape[1], 1 / shares.shape[1])
    mean: Scores = shares.mean(axis=0, dtype=np.float64)
    return mean


@cache
def load() -> Model:
    """The model that comes with Cordon."""
    packed = (resources.files("cordon.devices") / "data" / "behaviour.json.gz").read_bytes()
    return Model.of(json.loads(gzip.decompress(packed)))
