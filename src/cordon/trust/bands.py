"""From a score to a band: down at once, up late."""

from typing import Final

from cordon.model.tables import MINUTE
from cordon.model.trust import Band
from cordon.trust.settings import TrustSettings

EDGES: Final = ((600, Band.NORMAL), (400, Band.USUAL_ONLY), (200, Band.ESSENTIALS_ONLY), (0, Band.CORDONED))
"""The lowest score of each band, in tenths."""

ORDER: Final = {band: rank for rank, (_, band) in enumerate(reversed(EDGES))}


def band_of(score: int) -> Band:
    """The band of a score, without regard to the past."""
    return next((band for edge, band in EDGES if score >= edge), Band.CORDONED)


def lowered(band: Band, score: int) -> Band:
    """The band after a fall: never higher than before."""
    return min(band, band_of(score), key=ORDER.__getitem__)


def raised(band: Band, score: int, rested: int, settings: TrustSettings) -> Band:
    """The band after a recovery: only when the score is clear of the edge, and the device has rested in its
    band for `rested` µs, at least the dwell time."""
    if rested < settings["dwell"] * MINUTE:
        return band
    return max(band, band_of(max(0, score - settings["hysteresis"])), key=ORDER.__getitem__)
