"""What trust remembers of one device, and how it goes on in time."""

from dataclasses import dataclass, replace

from cordon.model.finding import Severity
from cordon.model.tables import HOUR
from cordon.model.trust import Band, Reason, Trust
from cordon.trust.bands import lowered, raised
from cordon.trust.evidence import Piece, left, remembered
from cordon.trust.score import Sheet, base, compromised, weigh
from cordon.trust.settings import TrustSettings
from cordon.trust.weakness import Weakness, standing

AHEAD = 48
"""Hours that are looked ahead for the next change of a score."""


@dataclass(frozen=True, slots=True)
class Known:
    """One device. `score`, `band` and `getting_to_know` are as last told."""

    device: str
    site: str
    identified: int = 0  # 0–1000
    hours: int = 0  # different hours in which it was seen
    clean_hours: int = 0  # of these, hours that ended with nothing more than low findings against it
    confirmed: bool = False  # a person or the learner confirmed its profile
    pieces: tuple[Piece, ...] = ()
    fell: bool = False  # something was held against it once: from then on it regains trust slowly only
    score: int = -1  # not told yet
    band: Band = Band.NORMAL
    band_since: int = 0
    getting_to_know: bool = True
    time: int = 0  # when it was last told
    unseen: tuple[int, ...] = ()  # hours it was seen in that are not counted yet
    weak: tuple[Weakness, ...] = ()
    stale: bool = False  # what is weak about it has changed since it was last told

    def sheet(self, time: int, allowed: int, settings: TrustSettings) -> Sheet:
        """The score at a time, given how many tenths it may have risen since it was last told."""
        sheet = Sheet()
        base(sheet, self.identified, self.clean_hours, settings)
        weigh(sheet, self.pieces, self.weak, time, settings)
        if self.fell and self.score >= 0:
            sheet.at_most(self.score + allowed, "trust comes back slowly", "recovery-limit")
        return sheet


def quiet(known: Known, settings: TrustSettings) -> bool:
    """Whether nothing will change by time alone."""
    whole = Sheet()
    base(whole, known.identified, known.clean_hours, settings)
    weigh(whole, (), known.weak, known.time, settings)
    settled = not known.pieces and not known.unseen and not known.stale and not any(one.gone for one in known.weak)
    return settled and known.band == Band.NORMAL and known.score == whole.score


def pass_hour(known: Known, hour: int, settings: TrustSettings) -> Known:
    """Counts what was seen in the hours before `hour` (the number of an hour since the epoch), which now begins."""
    stands = standing(known.weak)
    known = replace(
        known, pieces=remembered(known.pieces, hour * HOUR), weak=stands, stale=known.stale or stands != known.weak
    )
    ended = sum(1 for seen in known.unseen if seen < hour)
    if not ended:
        return known
    clean = not any(piece.severity > Severity.LOW or piece.held_until for piece in known.pieces)
    return replace(
        known,
        hours=known.hours + ended,
        clean_hours=known.clean_hours + (ended if clean else 0),
        confirmed=known.confirmed or known.hours + ended >= settings["know_hours"],
        unseen=tuple(seen for seen in known.unseen if seen >= hour),
    )


def accept(known: Known, pieces: tuple[Piece, ...], time: int) -> Known:
    """Takes evidence in; the same finding told again replaces itself. A compromise ends the clean history."""
    fresh = {piece.source for piece in pieces}
    merged = (*(piece for piece in known.pieces if piece.source not in fresh), *pieces)
    return replace(
        known,
        pieces=remembered(merged, time),
        fell=known.fell or any(piece.weight or piece.held_until for piece in pieces),
        clean_hours=0 if compromised(pieces, time) else known.clean_hours,
    )


def judge(known: Known, time: int, hourly: bool, settings: TrustSettings) -> tuple[Known, Trust | None]:
    """The device after an evaluation, and what to tell: nothing when score, band and acquaintance stay.

    Scores and bands rise only when `hourly`, so that a device that recovers is told of once an hour.
    """
    sheet = known.sheet(time, gain(time, settings) if hourly else 0, settings)
    learning = not known.confirmed
    band = known.band
    if not learning or compromised(known.pieces, time):
        band = lowered(band, sheet.score)
    if hourly and band == known.band:
        band = raised(band, sheet.score, time - known.band_since, settings)
    if not known.stale and (sheet.score, band, learning) == (known.score, known.band, known.getting_to_know):
        return known, None
    after = replace(
        known,
        score=sheet.score,
        band=band,
        band_since=known.band_since if band == known.band else time,
        getting_to_know=learning,
        time=time,
        stale=False,
    )
    return after, _told(after, sheet, settings)


def gain(time: int, settings: TrustSettings) -> int:
    """Tenths that the hour ending at `time` gives back at most; 24 of them sum to a day's recovery exactly."""
    hour, rate = time // HOUR, settings["recovery"]
    return rate * hour // 24 - rate * (hour - 1) // 24


def _told(known: Known, sheet: Sheet, settings: TrustSettings) -> Trust:
    reasons = sheet.reasons
    if known.getting_to_know:
        says = "still getting to know it: nothing happens by itself except on a compromise"
        reasons = [*reasons, Reason(says, 0, "getting-to-know")]
    return Trust(
        device=known.device,
        site=known.site,
        time=known.time,
        score=known.score,
        uncertainty=_uncertainty(known, settings),
        band=known.band,
        reasons=tuple(reasons),
        getting_to_know=known.getting_to_know,
        next_change=_next_change(known, settings),
    )


def _uncertainty(known: Known, settings: TrustSettings) -> int:
    """As in subjective logic (Jøsang): the share of the assumption in all that the score rests on."""
    evidence = known.hours + sum(left(piece, known.time) for piece in known.pieces) // 10
    return 1000 * settings["prior"] // (settings["prior"] + evidence)


def _next_change(known: Known, settings: TrustSettings) -> int:
    hour = known.time // HOUR + 1
    if any(one.gone for one in known.weak):
        return hour * HOUR
    if not known.pieces and not known.fell:
        return 0
    for ahead in range(hour, hour + AHEAD):
        if known.sheet(ahead * HOUR, gain(ahead * HOUR, settings), settings).score != known.score:
            return ahead * HOUR
    return min((piece.held_until for piece in known.pieces if piece.held_until > known.time), default=0)
