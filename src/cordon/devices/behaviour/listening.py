"""The votes of a device's first packets, gathered as they come: an answer after so many, whatever the windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
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
AT_ONCE: Final = 16_384  # packets that are looked at together: some 10 MB


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
    ordered = heads.sort("segment", "mac", maintain_order=True)
    for chunk in ordered.iter_slices(AT_ONCE):
        numbers = features(chunk)
        shares = np.rint(model.forest.probabilities(numbers) * _UNIT).astype(np.int32)
        marks = symbols(numbers)
        known = np.stack([np.isin(marks, one) for one in model.known], axis=1)
        for (segment, mac), begin, end in _senders(chunk):
            place = f"{segment}|{mac}"
            held = votes.get(place) or Votes(0, (0,) * len(model.labels), (0,) * len(model.labels))
            for first, last in _parts(begin, end, held.packets):
                held = Votes(
                    held.packets + last - first,
                    _sum(held.votes, shares[first:last]),
                    _sum(held.known, known[first:last]),
                )
                if held.packets in ASKED_AT and (label := _label(model, held)):
                    step, time = chunk["step"][last - 1], chunk["time"][last - 1]
                    opinions.append(Opinion(step, time, segment, mac, label))
            votes[place] = held
    return votes, opinions


def _senders(heads: pl.DataFrame) -> Iterator[tuple[tuple[str, str], int, int]]:
    """Segment and MAC address of each sender, and its first row and the one after its last."""
    runs = heads.select(sender=pl.struct("segment", "mac").rle()).unnest("sender")
    begin = 0
    for length, sender in runs.rows():
        yield (sender["segment"], sender["mac"]), begin, begin + length
        begin += length


def _parts(begin: int, end: int, packets: int) -> Iterator[tuple[int, int]]:
    """The rows from `begin` to `end`, cut where the model is asked; `packets` came before."""
    cuts = [begin, *(at for more in ASKED_AT if begin < (at := begin + more - packets) < end), end]
    return pairwise(cuts)


def _sum(held: tuple[int, ...], rows: npt.NDArray[Any]) -> tuple[int, ...]:
    """Each column's sum with what is held of it."""
    return tuple((np.array(held) + rows.sum(axis=0, dtype=np.int64)).tolist())


def _label(model: Model, held: Votes) -> str:
    """The label with most votes, if the sender fits it; else ""."""
    best = max(range(len(model.labels)), key=lambda place: (held.votes[place], -place))
    fits = (held.votes[best] / _UNIT + held.known[best]) / held.packets
    return model.labels[best] if fits >= max(FITS, model.refuse) else ""


def says(label: str) -> dict[str, str]:
    """Attribute and value of a label ``vendor|kind``."""
    vendor, _, kind = label.partition("|")
    return {name: value for name, value in (("vendor", vendor), ("kind", kind)) if value}
