"""How right a model is on captures it has not seen."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import numpy as np
from evaluation.identifying.learning import fit, learn
from evaluation.identifying.reading import Sample
from evaluation.identifying.truth import TRUTH, group_of

from cordon.devices.behaviour.model import ENOUGH, Answer, Model

BINS = 10  # of probability, for the calibration
UNKNOWN_TREES = 30  # of the models that learn all but one group

Asked = Callable[[Model, Sample], Iterator[Answer]]
"""The answers about one sample: one, or one for each part of it."""


def whole(evidence: str) -> Asked:
    """One answer about a capture; `evidence` is all or behaviour."""

    def ask(model: Model, sample: Sample) -> Iterator[Answer]:
        yield model.answer(sample.numbers, sample.said if evidence == "all" else frozenset())

    return ask


def any_packets(model: Model, sample: Sample) -> Iterator[Answer]:
    """An answer for each 13 packets that follow each other, by behaviour; one where there are fewer."""
    shares = model.forest.probabilities(sample.numbers)
    for begin in range(0, max(len(shares) - ENOUGH + 1, 1), ENOUGH):
        part = slice(begin, begin + ENOUGH)
        yield model.weigh(shares[part], sample.numbers[part], frozenset())


def one_packet(model: Model, sample: Sample) -> Iterator[Answer]:
    """An answer for each packet alone: the forest without its vote."""
    for share in model.forest.probabilities(sample.numbers):
        yield Answer(model.labels[int(share.argmax())], float(share.max()), 0.0)


def words_alone(model: Model, sample: Sample) -> Iterator[Answer]:
    """By what a device says of itself and its prefix, not by how it speaks."""
    scores = model.words(sample.said)
    yield Answer(model.labels[int(scores.argmax())], 1.0, 0.0)


def prefix_alone(model: Model, sample: Sample) -> Iterator[Answer]:
    """By the vendor's prefix of the MAC address alone."""
    scores = model.words(sample.vendor_prefix)
    yield Answer(model.labels[int(scores.argmax())], 1.0, 0.0)


@dataclass
class Right:
    """What was answered, and what is so; over all repetitions of the test."""

    pairs: list[tuple[str, str, float]] = field(default_factory=list)  # type, answer, probability
    scores: list[tuple[float, float]] = field(default_factory=list)  # macro-F1, and with look-alikes merged

    def add(self, model: Model, samples: Sequence[Sample], ask: Asked) -> None:
        """Adds one repetition; samples of types that the model cannot know are left out."""
        known = [sample for sample in samples if sample.type in model.labels]
        pairs = [(one.type, answer.label, answer.probability) for one in known for answer in ask(model, one)]
        self.pairs += pairs
        plain = [(true, said) for true, said, _ in pairs]
        self.scores.append((macro_f1(plain), macro_f1([(group_of(a), group_of(b)) for a, b in plain])))

    @property
    def macro_f1(self) -> tuple[float, float]:
        """The mean over the repetitions: types apart, look-alikes merged."""
        return fmean(apart for apart, _ in self.scores), fmean(merged for _, merged in self.scores)

    def share(self, of: Callable[[str, str], bool | None]) -> float:
        """The share of answers that are right by a measure that may have nothing to say."""
        marks = [mark for true, said, _ in self.pairs if (mark := of(true, said)) is not None]
        return fmean(marks) if marks else 0.0

    def calibration_error(self) -> float:
        """Expected calibration error: how far, in the mean, the share of right answers is from what was promised."""
        bins: dict[int, list[tuple[float, bool]]] = {}
        for true, said, sure in self.pairs:
            bins.setdefault(min(int(sure * BINS), BINS - 1), []).append((sure, true == said))
        off = (abs(fmean(s for s, _ in one) - fmean(r for _, r in one)) * len(one) for one in bins.values())
        return sum(off) / max(len(self.pairs), 1)

    def reliability(self) -> list[tuple[str, int, float, float]]:
        """For each tenth of probability: which, how many answers, what was promised, what was right."""
        rows = []
        for low in range(BINS):
            of_it = [(sure, true == said) for true, said, sure in self.pairs if min(int(sure * BINS), BINS - 1) == low]
            if of_it:
                rows.append((f"{low / BINS:.1f}", len(of_it), fmean(s for s, _ in of_it), fmean(r for _, r in of_it)))
        return rows

    def confusions(self) -> list[tuple[str, str, int]]:
        """What was taken for what, most often first."""
        wrong = Counter((true, said) for true, said, _ in self.pairs if true != said)
        return [(true, said, count) for (true, said), count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))]


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of all types that occur in the test."""
    types = {true for true, _ in pairs}
    hits = Counter(true for true, said in pairs if true == said)
    true_count, said_count = Counter(true for true, _ in pairs), Counter(said for _, said in pairs)
    return fmean(2 * hits[one] / (true_count[one] + said_count[one]) for one in types) if types else 0.0


def vendor_is_right(true: str, said: str) -> bool | None:
    """Whether both types are of one vendor; None where it is not written down."""
    if true not in TRUTH or said not in TRUTH:
        return None
    return bool(set(TRUTH[true][0]) & set(TRUTH[said][0]))


def kind_is_right(true: str, said: str) -> bool | None:
    """Whether both types are of one kind; None where it is not written down."""
    return TRUTH[true][1] == TRUTH[said][1] if true in TRUTH and said in TRUTH else None


def unknown_auroc(train: Sequence[Sample], test: Sequence[Sample], seed: int, ask: Asked) -> list[float]:
    """How well devices never trained on are told from those that were, each group of look-alikes left out in turn.

    Of a group that the training lacks altogether its captures are unknown in all turns.
    """
    areas = []
    trained = {group_of(sample.type) for sample in train}
    for group in sorted({group_of(sample.type) for sample in test}):
        model = fit([one for one in train if group_of(one.type) != group], seed, UNKNOWN_TREES)
        fits = [(next(ask(model, one)).fits, group_of(one.type)) for one in test]
        unknown = [fit for fit, of in fits if of == group]
        known = [fit for fit, of in fits if of != group and of in trained]
        if unknown and known:
            areas.append(_auroc(known, unknown))
    return areas


def _auroc(known: Sequence[float], unknown: Sequence[float]) -> float:
    """The chance that a known one fits better than an unknown one; a tie counts half."""
    one, other = np.array(known)[:, None], np.array(unknown)[None, :]
    return float((one > other).mean() + (one == other).mean() / 2)


def repetitions(
    train: Sequence[Sample], test: Sequence[Sample] | None, count: int
) -> Iterator[tuple[int, list[Sample], list[Sample]]]:
    """Seed, training and test samples. Without a test of its own each repetition halves the captures of each type."""
    if test is not None:
        yield 0, list(train), list(test)
        return
    for seed in range(count):
        dice = np.random.default_rng(seed)
        halves: tuple[list[Sample], list[Sample]] = ([], [])
        for type_ in sorted({sample.type for sample in train}):
            own = [sample for sample in train if sample.type == type_]
            order = dice.permutation(len(own))
            halves[0].extend(own[place] for place in order[: (len(own) + 1) // 2])
            halves[1].extend(own[place] for place in order[(len(own) + 1) // 2 :])
        yield seed, *halves


def measure(train: Sequence[Sample], test: Sequence[Sample] | None, evidence: str, count: int = 5) -> dict[str, Any]:
    """Everything that is reported of one kind of evidence, as plain values."""
    asked: dict[str, Asked] = {"whole": whole(evidence)}
    if evidence == "behaviour":
        asked |= {"13 packets": any_packets, "one packet": one_packet}
    else:
        asked |= {"words and prefix": words_alone, "prefix": prefix_alone}
    right = {name: Right() for name in asked}
    frequent, areas, spent, devices = Right(), [], 0.0, 0
    for seed, learned, seen in repetitions(train, test, count):
        model = learn(learned, seed)
        began = time.perf_counter()
        right["whole"].add(model, seen, asked["whole"])
        spent, devices = spent + time.perf_counter() - began, devices + len(seen)
        for name in asked.keys() - {"whole"}:
            right[name].add(model, seen, asked[name])
        often = Counter(sample.type for sample in learned).most_common(1)[0][0]
        frequent.add(model, seen, lambda _model, _sample, often=often: iter([Answer(often, 1.0, 0.0)]))  # type: ignore[misc]
        areas += unknown_auroc(learned, seen, seed, whole(evidence))
    apart, merged = right["whole"].macro_f1
    return {
        "evidence": evidence,
        "types": len({sample.type for sample in train}),
        "captures": len(train) if test is None else len(test),
        "macro_f1": round(apart, 4),
        "macro_f1_merged": round(merged, 4),
        "vendor_top1": round(right["whole"].share(vendor_is_right), 4),
        "kind_top1": round(right["whole"].share(kind_is_right), 4),
        "unknown_auroc": round(fmean(areas), 4) if areas else None,
        "calibration_error": round(right["whole"].calibration_error(), 4),
        "milliseconds_per_device": round(1000 * spent / max(devices, 1), 2),
        "other": {
            name: {"macro_f1": round(one.macro_f1[0], 4), "macro_f1_merged": round(one.macro_f1[1], 4)}
            for name, one in [*right.items(), ("most frequent type", frequent)]
            if name != "whole"
        },
        "reliability": right["whole"].reliability(),
        "confusions": right["whole"].confusions(),
    }
