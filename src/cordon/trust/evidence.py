"""Evidence against a device: what a finding costs, and how that fades."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR
from cordon.trust.settings import TrustSettings

KEPT = 16
"""Pieces kept of one detector and severity; from the eleventh on a piece costs nothing anyway (see `shares`)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One finding as trust remembers it."""

    source: str
    says: str
    detector: str
    severity: Severity
    level: str  # trial, sound, proven
    weight: int  # tenths at `time`
    half_life: int  # µs
    time: int
    held_until: int = 0  # it shows a compromise, and caps the score until then


def piece_of(finding: Finding, settings: TrustSettings) -> Piece:
    """The finding with its weight scaled. A level that nobody declared counts as trial."""
    level = finding.level if finding.level in ("trial", "sound", "proven") else "trial"
    return Piece(
        source=finding.id,
        says=finding.says,
        detector=finding.detector,
        severity=finding.severity,
        level=level,
        weight=settings.weight(finding.severity, finding.weight, level),
        half_life=settings.half_life(finding.severity) * HOUR,
        time=finding.noticed,
        held_until=finding.noticed + settings["compromise_hold"] * HOUR if finding.compromise else 0,
    )


def left(piece: Piece, time: int) -> int:
    """What is left of a piece, in tenths: halved with every half-life, on a straight line in between.

    Whole numbers only, so that every machine agrees. Never rises with time.
    """
    halvings, within = divmod(max(0, time - piece.time), piece.half_life)
    if halvings > piece.weight.bit_length():
        return 0
    return piece.weight * (2 * piece.half_life - within) // (piece.half_life << (halvings + 1))


def gone(piece: Piece) -> int:
    """When nothing is left of a piece, µs."""
    if piece.weight == 0:
        return piece.time
    halvings = piece.weight.bit_length() - 1
    within = 2 * piece.half_life + 1 + -(piece.half_life << (halvings + 1)) // piece.weight
    return piece.time + halvings * piece.half_life + min(within, piece.half_life)


def shares(pieces: Iterable[Piece], time: int) -> tuple[tuple[Piece, int], ...]:
    """What each piece costs at that time: of one detector the heaviest counts in full, each further one half as
    much as the one before, so that no detector costs more than twice its heaviest finding. Sorted by source.

    What is bounded apart (low findings, and each level) is also ranked apart: otherwise a piece under a bound
    could push a piece out that has none, and more evidence would cost less.
    """
    by_detector: dict[tuple[str, str, bool], list[tuple[int, str, Piece]]] = defaultdict(list)
    for piece in pieces:
        key = (piece.detector, piece.level, piece.severity <= Severity.LOW)
        by_detector[key].append((-left(piece, time), piece.source, piece))
    costs = [
        (piece, -value >> rank)
        for ranked in by_detector.values()
        for rank, (value, _, piece) in enumerate(sorted(ranked, key=lambda entry: entry[:2]))
    ]
    return tuple(sorted(costs, key=lambda cost: cost[0].source))


def remembered(pieces: Iterable[Piece], time: int) -> tuple[Piece, ...]:
    """Without what has faded, and without repetitions that cost nothing: a bounded memory."""
    kept: dict[tuple[str, Severity, str, bool], list[Piece]] = defaultdict(list)
    for piece in pieces:
        if left(piece, time) > 0 or piece.held_until > time:
            kept[piece.detector, piece.severity, piece.level, piece.held_until > 0].append(piece)
    best = (sorted(group, key=lambda piece: (-left(piece, time), piece.source))[:KEPT] for group in kept.values())
    return tuple(sorted((piece for group in best for piece in group), key=lambda piece: piece.source))
