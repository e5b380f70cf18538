"""The votes of a device's first packets, gathered as they come: an answer after so many, whatever the windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cordon.devices.behaviour.features import features, symbols
from cordon.devices.behaviour.model import ENOUGH, Model

FIELD: Final = "behaviour"
"""What such evidence is called among the fields of sightings."""
ASKED_AT: Final = (ENOUGH, 64, 256)
"""Packets after which the model is asked."""
FITS: Final = 1.6
"""The least an answer has to fit; a model may refuse more. At 2 every packet was seen of such a device before, and
every tree agrees."""
WEIGHTS: Final = {"kind": 500, "vendor": 400}
"""How far it is believed beside what a device says of itself."""
_UNIT: Final = 1000  # votes are kept as whole thousandths


@dataclass(frozen=True, slots=True)
class Votes:
    """Of one sender: packets so far, thousandths of votes for each label, and packets of a kind known of each."""

    packets: int
    votes: tuple[int, ...]
    known: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the first packets of a sender speak for: ``vendor|kind``."""

    step: int
    time: int
    segment: str
    mac: str
    label: str


def listen(model: Model, before: Mapping[str, Votes], heads: pl.DataFrame) -> tuple[dict[str, Votes], list[Opinion]]:
    """The votes with those of more heads, and the opinions that came of them.

    Senders are keyed ``segment|mac``. Rows of one sender are taken in their order.
    """
    votes, opinions = dict(before), list[Opinion]()
    for (segment, mac), rows in heads.partition_by("segment", "mac", as_dict=True, maintain_order=True).items():
        place = f"{segment}|{mac}"
        held = votes.get(place) or Votes(0, (0,) * len(model.labels), (0,) * len(model.labels))
        for held, last in _gathered(model, held, rows):  # noqa: B020  # each goes on from the one before
            if held.packets in ASKED_AT and (label := _label(model, held)):
                opinions.append(Opinion(last["step"], last["time"], str(segment), str(mac), label))
        votes[place] = held
    return votes, opinions


def _gathered(model: Model, held: Votes, rows: pl.DataFrame) -> Iterator[tuple[Votes, dict[str, int]]]:
    """The votes after each part of the rows, which end where the model is asked; and the part's last row."""
    ends = [at - held.packets for at in ASKED_AT if 0 < at - held.packets < rows.height]
    begin = 0
    for end in [*ends, rows.height]:
        part = rows[begin:end]
        numbers = features(part)
        shares = np.rint(model.forest.probabilities(numbers) * _UNIT).astype(np.int64).sum(axis=0)
        marks = symbols(numbers)
        known = [int(np.isin(marks, one).sum()) for one in model.known]
        held = Votes(
            held.packets + part.height,
            tuple(int(old + new) for old, new in zip(held.votes, shares, strict=True)),
            tuple(old + new for old, new in zip(held.known, known, strict=True)),
        )
        yield held, part.select("step", "time").row(-1, named=True)
        begin = end


def _label(model: Model, held: Votes) -> str:
    """The label with most votes, if the sender fits it; else ""."""
    best = max(range(len(model.labels)), key=lambda place: (held.votes[place], -place))
    fits = (held.votes[best] / _UNIT + held.known[best]) / held.packets
    return model.labels[best] if fits >= max(FITS, model.refuse) else ""


def says(label: str) -> dict[str, str]:
    """Attribute and value of a label ``vendor|kind``."""
    vendor, _, kind = label.partition("|")
    return {name: value for name, value in (("vendor", vendor), ("kind", kind)) if value}
