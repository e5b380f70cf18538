"""Where things stand on the map: enclosures as a compact grid over the whole picture, the Internet at its right edge.

All lengths are pixels of the picture at its own size. The same devices in the same window stand in the same places.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

WIDE: Final = 600  # from this width on there is room for names beside the marks of the Internet
MOST_TRIED: Final = 8  # so many zones are tried in all ways of sharing out; more are taken in threes
PLACE: Final = 30  # the least height of a place on the Internet


@dataclass(frozen=True, slots=True)
class Measure:
    """The lengths that go with a width: edge of the picture, between zones, a zone's head, inside its edge, the
    Internet's column, and the widest and the narrowest cell of a device."""

    edge: int
    gap: int
    head: int
    pad: int
    internet: int
    most: int
    least: int


ROOMY: Final = Measure(edge=14, gap=14, head=34, pad=12, internet=204, most=132, least=72)
TIGHT: Final = Measure(edge=6, gap=8, head=26, pad=4, internet=78, most=64, least=50)


@dataclass(frozen=True, slots=True)
class Box:
    """An enclosure: its middle and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Enclosures by zone, the middles of their members in order, the size of a mark, and the picture's height."""

    boxes: Mapping[str, Box]
    spots: Mapping[str, tuple[tuple[float, float], ...]]
    places: tuple[tuple[float, float], ...]
    mark: int
    cell: int
    height: int


def arrange(zones: Mapping[str, int], places: int, width: int, height: int) -> Layout:
    """Places so many devices of each zone and so many places on the Internet into a picture.

    The cells are the largest with which all fits; where even the smallest do not fit, the picture grows downwards.
    """
    measure = ROOMY if width >= WIDE else TIGHT
    room = width - 2 * measure.edge - (measure.internet + measure.gap if places else 0)
    order = sorted(zones, key=lambda zone: (zone.split("/")[0], -zones[zone], zone))
    cell, shelves = _largest(order, zones, room, height - 2 * measure.edge, measure)
    needed = sum(_tall(rows, cell, measure) + measure.gap for _, rows in shelves) - measure.gap
    column = measure.head + measure.pad + PLACE * places if places else 0
    inner = max(height - 2 * measure.edge, needed, column)
    rows = sum(rows for _, rows in shelves)
    more = min((inner - needed) / rows, 0.5 * _cell_height(cell, measure)) if rows else 0.0
    boxes, spots = _fill(shelves, zones, (room, cell, _cell_height(cell, measure) + more), measure)
    tall = max(min(inner, max((box.y + box.height / 2 for box in boxes.values()), default=0) - measure.edge), column)
    stand: tuple[tuple[float, float], ...] = ()
    if places:
        middle = width - measure.edge - measure.internet / 2
        boxes["internet"] = Box(middle, measure.edge + tall / 2, measure.internet, tall)
        step = (tall - measure.head - measure.pad) / places
        left = middle if measure is TIGHT else width - measure.edge - measure.internet + 28
        stand = tuple((left, round(measure.edge + measure.head + step * (at + 0.5), 1)) for at in range(places))
    mark = max(26, min(46, _cell_height(cell, measure) - 24))
    return Layout(boxes, spots, stand, mark, cell, round(tall + 2 * measure.edge))


def _cell_height(cell: int, measure: Measure) -> int:
    return max(58, round(cell * 0.72)) if measure is ROOMY else 52


def _tall(rows: int, cell: int, measure: Measure) -> int:
    return rows * _cell_height(cell, measure) + measure.head + measure.pad


Shelf = tuple[tuple[str, ...], int]
"""Zones side by side, and how many rows of cells they have."""


def _largest(
    order: Sequence[str], zones: Mapping[str, int], room: int, height: int, measure: Measure
) -> tuple[int, list[Shelf]]:
    cell, best = measure.least, list[Shelf]()
    for cell in range(measure.most, measure.least - 1, -4):
        best = _shelves(order, zones, room, cell, measure)
        if sum(_tall(rows, cell, measure) + measure.gap for _, rows in best) - measure.gap <= height:
            break
    return cell, best


def _shelves(order: Sequence[str], zones: Mapping[str, int], room: int, cell: int, measure: Measure) -> list[Shelf]:
    """The way of sharing the zones out to shelves that is the least tall."""
    best: list[Shelf] = []
    least = math.inf
    for cuts in _cuts(len(order)) if order else []:
        made: list[Shelf] = []
        for begin, end in zip((0, *cuts), (*cuts, len(order)), strict=True):
            group = tuple(order[begin:end])
            made.append((group, _rows(group, zones, room, cell, measure)))
        tall = sum(_tall(rows, cell, measure) + measure.gap for _, rows in made)
        if tall < least:
            best, least = made, tall
    return best


def _cuts(zones: int) -> list[tuple[int, ...]]:
    if zones > MOST_TRIED:
        return [tuple(range(3, zones, 3))]
    return [cut for many in range(max(1, zones)) for cut in combinations(range(1, zones), many)]


def _rows(group: Sequence[str], zones: Mapping[str, int], room: int, cell: int, measure: Measure) -> int:
    """The least rows with which the zones stand side by side; a group too wide even so gets a shelf nobody wants."""
    free = room - sum(2 * measure.pad for _ in group) - measure.gap * (len(group) - 1)
    most = max(zones[zone] for zone in group)
    for rows in range(1, most + 1):
        if sum(math.ceil(zones[zone] / rows) for zone in group) * cell <= free:
            return rows
    return 1000 + most


def _fill(
    shelves: Sequence[Shelf], zones: Mapping[str, int], size: tuple[int, int, float], measure: Measure
) -> tuple[dict[str, Box], dict[str, tuple[tuple[float, float], ...]]]:
    """The shelves stretched to the whole width."""
    room, cell, tall = size
    boxes: dict[str, Box] = {}
    spots: dict[str, tuple[tuple[float, float], ...]] = {}
    top = float(measure.edge)
    for group, rows in shelves:
        columns = {zone: math.ceil(zones[zone] / rows) for zone in group}
        free = room - sum(2 * measure.pad for _ in group) - measure.gap * (len(group) - 1)
        wide = max(cell, free / sum(columns.values()))
        height = rows * tall + measure.head + measure.pad
        left = float(measure.edge)
        for zone in group:
            across = columns[zone] * wide
            box = across + 2 * measure.pad
            boxes[zone] = Box(left + box / 2, top + height / 2, box, height)
            spots[zone] = tuple(
                (
                    round(left + measure.pad + (at % columns[zone] + 0.5) * wide, 1),
                    round(top + measure.head + (at // columns[zone] + 0.5) * tall - 8, 1),
                )
                for at in range(zones[zone])
            )
            left += box + measure.gap
        top += height + measure.gap
    return boxes, spots
