"""From what is known of a device to a score whose reasons add up."""

from dataclasses import dataclass, field

from cordon.model.finding import Severity
from cordon.model.trust import Reason
from cordon.trust.evidence import Piece, gone, shares
from cordon.trust.settings import TrustSettings
from cordon.trust.weakness import Weakness


@dataclass(slots=True)
class Sheet:
    """A running sum that keeps its addends: there is no other way to change it."""

    reasons: list[Reason] = field(default_factory=list)
    score: int = 0

    def add(self, says: str, tenths: int, source: str, fades: int = 0) -> None:
        """Books an addend; nothing is written for 0."""
        if tenths:
            self.reasons.append(Reason(says, tenths, source, fades))
            self.score += tenths

    def at_least(self, floor: int, says: str, source: str) -> None:
        """Lifts the sum to a floor."""
        self.add(says, max(0, floor - self.score), source)

    def at_most(self, cap: int, says: str, source: str, until: int = 0) -> None:
        """Presses the sum down to a cap."""
        self.add(says, min(0, cap - self.score), source, until)


def base(sheet: Sheet, identified: int, clean_hours: int, settings: TrustSettings) -> None:
    """What speaks for a device: the start, its identity, its history."""
    sheet.add("where every device starts", settings["start"], "start")
    sheet.add("it is known what it is", settings["identified"] * identified // 1000, "identification")
    days = clean_hours // 24
    said = "1 clean day" if days == 1 else f"{days} clean days"
    sheet.add(said, min(settings["history"], days * settings["per_clean_day"]), "history")


def weigh(
    sheet: Sheet, pieces: tuple[Piece, ...], weak: tuple[Weakness, ...], time: int, settings: TrustSettings
) -> None:
    """What speaks against it, weakest kind first.

    Each kind is bounded on its own, so that more evidence never raises a score: exposures, then these and all low
    findings together, then trial detectors, then sound ones; proven evidence has no floor. A compromise caps what is
    left.
    """
    costs = shares(pieces, time)
    low = [cost for cost in costs if cost[0].severity <= Severity.LOW]
    rest = [cost for cost in costs if cost[0].severity > Severity.LOW]
    before = sheet.score
    for one in weak:
        sheet.add(one.says, -one.tenths, one.source)
    sheet.at_least(before - settings["all_exposures"], "weak settings alone weigh no more than this", "exposure-limit")
    _subtract(sheet, low)
    says = "low findings and weak settings alone weigh no more than this"
    sheet.at_least(before - settings["all_low"], says, "low-limit")
    for level, floor, says in (
        ("trial", settings["trial_floor"], "held up: detectors on trial alone do not lower it further"),
        ("sound", settings["sound_floor"], "held up: only proven detectors may cordon it"),
        ("proven", 0, "no less than nothing"),
    ):
        before = sheet.score
        _subtract(sheet, [cost for cost in rest if cost[0].level == level])
        sheet.at_least(min(before, floor), says, f"{level}-floor")
    _cap(sheet, pieces, time, settings)


def _subtract(sheet: Sheet, costs: list[tuple[Piece, int]]) -> None:
    for piece, cost in costs:
        sheet.add(piece.says, -cost, piece.source, gone(piece))


def _cap(sheet: Sheet, pieces: tuple[Piece, ...], time: int, settings: TrustSettings) -> None:
    """Caps by how far the detector that says "compromised" is known; each cap lies in its level's lowest band."""
    caps = (
        ("trial", settings["trial_floor"], "held down: signs of a compromise, not confirmed"),
        ("sound", settings["sound_floor"], "held down: compromised"),
        ("proven", settings["compromise_cap"], "held down: confirmed compromise"),
    )
    for level, cap, says in caps:
        until = max((piece.held_until for piece in pieces if piece.level == level), default=0)
        if until > time:
            sheet.at_most(cap, says, "cap", until)


def compromised(pieces: tuple[Piece, ...], time: int) -> bool:
    """Whether a detector that is more than a trial holds the device for somebody else's."""
    return any(piece.held_until > time and piece.level != "trial" for piece in pieces)
