"""The rhythm ribbon: 24 hourly cells, the learned range pale behind, departures marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cordon.server.console.words import moment, plural
from cordon.store import RhythmCell

FLATTEN: Final = 1 / 3
"""Heights go by the cube root of bytes, so that a quiet hour still shows beside a loud one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour as drawn: its level and the learned range behind it; heights of 0 are not drawn."""

    x: float
    width: float
    top: float
    height: float
    range_top: float
    range_height: float
    departed: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A ribbon as drawn, and what it says to those who do not see it."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    says: str


def ribbon_of(cells: Sequence[RhythmCell], width: int, height: int) -> Ribbon:
    """The ribbon of these hours in so many pixels."""
    most = max((max(cell.bytes_out + cell.bytes_in, cell.high) for cell in cells), default=0)
    step = width / max(1, len(cells))
    room = height - 2

    def tall(octets: int) -> float:
        return round(room * (octets / most) ** FLATTEN, 1) if most and octets else 0.0

    def draw(at: int, cell: RhythmCell) -> Cell:
        level = tall(cell.bytes_out + cell.bytes_in)
        level = max(level, 1.5) if cell.flows else level
        low, high = tall(cell.low), tall(cell.high)
        band = max(2.0, high - low) if cell.high else 0.0
        return Cell(
            x=round(at * step, 1),
            width=round(step - max(1.0, step * 0.08), 1),
            top=round(height - level, 1),
            height=level,
            range_top=round(height - low - band, 1),
            range_height=round(band, 1),
            departed=cell.departed,
        )

    return Ribbon(width, height, tuple(draw(at, cell) for at, cell in enumerate(cells)), _says(cells))


def _says(cells: Sequence[RhythmCell]) -> str:
    active = sum(1 for cell in cells if cell.flows)
    departed = [f"{moment(cell.hour):%H:%M}" for cell in cells if cell.departed]
    unusual = f"unlike itself at {', '.join(departed)}" if departed else "no hour unlike itself"
    return f"Last 24 hours: active in {plural(active, 'hour')}, {unusual}"
