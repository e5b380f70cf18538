"""Samples into a model: trees by scikit-learn, all else counted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from evaluation.identifying.reading import Sample

from cordon.devices.behaviour.features import symbols
from cordon.devices.behaviour.forest import Forest
from cordon.devices.behaviour.model import Model

TREES = 100
WIDEST = 3000  # tokens, those of most samples first
_HALF = 0.3  # of a sample is added to what is counted, so that nothing is ever certain
FOLDS = 4
TEMPERATURES = tuple(0.1 * 1.1**power for power in range(40))
REFUSED = 0.03
"""The share of devices of known types that is refused, so that others are not taken for them."""


Held = tuple[npt.NDArray[np.float64], int, float]
"""Scores of a sample, the right place among them, and how well it fits what is known."""


def learn(samples: Sequence[Sample], seed: int = 0, trees: int = TREES, leaves: int | None = None) -> Model:
    """A model of the samples' types, with so many leaves a tree at most. The same samples and seed give the same model.

    How far its probabilities are to be believed is found on samples that a model of the others has not seen.
    """
    held: list[Held] = []
    parts = _parts(samples, seed)
    for part in parts:
        rest = [sample for other in parts if other is not part for sample in other]
        if part and rest:
            held += _held_out(fit(rest, seed, trees * 2 // FOLDS, leaves), part)
    model = fit(samples, seed, trees, leaves)
    if not held:
        return model
    temperature = min(TEMPERATURES, key=lambda one: _surprise(held, one))
    fits = sorted(told for _, _, told in held)
    return replace(model, temperature=temperature, refuse=fits[int(REFUSED * len(fits))])


def _parts(samples: Sequence[Sample], seed: int) -> list[list[Sample]]:
    """Each type's captures, dealt out evenly."""
    dice = np.random.default_rng(seed)
    parts: list[list[Sample]] = [[] for _ in range(FOLDS)]
    for type_ in sorted({sample.type for sample in samples}):
        own = [sample for sample in samples if sample.type == type_]
        for place, chosen in enumerate(dice.permutation(len(own))):
            parts[place % FOLDS].append(own[chosen])
    return parts


def _held_out(model: Model, samples: Sequence[Sample]) -> list[Held]:
    """Scores, the right place among them, and how well it fits, of samples whose type the model knows."""
    told = []
    for sample in samples:
        if sample.type not in model.labels:
            continue
        shares = model.forest.probabilities(sample.numbers)
        scores = model.scores(shares, sample.said)
        told.append((scores, model.labels.index(sample.type), model.weigh(shares, sample.numbers, sample.said).fits))
    return told


def _surprise(held: Sequence[Held], temperature: float) -> float:
    """The mean negative logarithm of what was given to the right answer."""
    total = 0.0
    for scores, right, _ in held:
        cooled = (scores - scores.max()) / temperature
        total += float(np.log(np.exp(cooled).sum()) - cooled[right])
    return total / len(held)


def fit(samples: Sequence[Sample], seed: int, trees: int, leaves: int | None = None) -> Model:
    """A model whose probabilities nobody has held against anything yet."""
    labels = tuple(sorted({sample.type for sample in samples}))
    places = [labels.index(sample.type) for sample in samples]
    packets = np.concatenate([sample.numbers for sample in samples])
    of = np.concatenate([np.full(len(sample.numbers), place) for sample, place in zip(samples, places, strict=True)])
    # Captures of many packets must not drown those of few.
    weights = np.concatenate([np.full(len(s.numbers), 1 / np.sqrt(len(s.numbers))) for s in samples])
    marks = symbols(packets)
    vocabulary, present, rarity = _words(samples, places, len(labels))
    return Model(
        labels=labels,
        forest=_forest(packets, of, weights, (len(labels), seed, trees, leaves)),
        known=tuple(np.unique(marks[of == place]) for place in range(len(labels))),
        vocabulary=vocabulary,
        present=present,
        rarity=rarity,
    )


def _words(
    samples: Sequence[Sample], places: Sequence[int], types: int
) -> tuple[dict[str, int], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The vocabulary, how often each type has each token, and how much each tells."""
    counts: dict[str, int] = {}
    for sample in samples:
        for token in sample.said:
            counts[token] = counts.get(token, 0) + 1
    chosen = sorted(counts, key=lambda token: (-counts[token], token))[:WIDEST]
    vocabulary = {token: place for place, token in enumerate(sorted(chosen))}
    had, all_ = np.zeros((types, len(vocabulary))), np.zeros((types, 1))
    for sample, place in zip(samples, places, strict=True):
        all_[place] += 1
        for token in sample.said & vocabulary.keys():
            had[place, vocabulary[token]] += 1
    present = (had + _HALF) / (all_ + 2 * _HALF)
    spread = np.clip((present > 0.3).mean(axis=0), 1 / types, 1)
    return vocabulary, present, np.log(1 / spread) + 0.1


def _forest(
    packets: npt.NDArray[np.float32],
    of: npt.NDArray[Any],
    weights: npt.NDArray[np.float64],
    shape: tuple[int, int, int, int | None],
) -> Forest:
    """Extremely randomised trees (Geurts, Ernst and Wehenkel, 2006), their nodes put into one table."""
    types, seed, trees, leaves = shape
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415  # only who trains needs it

    trained = ExtraTreesClassifier(
        trees, random_state=seed, class_weight="balanced", max_features=0.5, max_leaf_nodes=leaves, n_jobs=-1
    ).fit(packets, of, sample_weight=weights)
    tables: dict[str, list[npt.NDArray[Any]]] = {
        name: [] for name in ("feature", "threshold", "left", "right", "shares")
    }
    roots, nodes, leaves = [], 0, 0
    for tree in (one.tree_ for one in trained.estimators_):
        is_leaf = tree.children_left < 0
        rows = np.cumsum(is_leaf) - 1 + leaves
        roots.append(nodes)
        tables["feature"].append(np.where(is_leaf, 0, tree.feature))
        tables["threshold"].append(np.where(is_leaf, 0, tree.threshold))
        tables["left"].append(np.where(is_leaf, ~rows, tree.children_left + nodes))
        tables["right"].append(np.where(is_leaf, -1, tree.children_right + nodes))
        values = tree.value[is_leaf, 0, :]
        tables["shares"].append(values / values.sum(axis=1, keepdims=True))
        nodes, leaves = nodes + tree.node_count, leaves + int(is_leaf.sum())
    joined = {name: np.concatenate(parts) for name, parts in tables.items()}
    return Forest(
        roots=np.array(roots, dtype=np.int32),
        feature=joined["feature"].astype(np.int16),
        threshold=joined["threshold"].astype(np.float32),
        left=joined["left"].astype(np.int32),
        right=joined["right"].astype(np.int32),
        shares=joined["shares"].astype(np.float32).reshape(-1, types),
    )
