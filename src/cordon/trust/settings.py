"""The numbers that trust goes by: each with its range and a sentence."""

from typing import ClassVar, Final

from cordon.model.finding import Severity
from cordon.parts import Level, Part, Setting


class TrustSettings(Part):
    """How evidence becomes a score, and a score a band. All trust is in tenths of a point: 1000 is full trust."""

    id: ClassVar[str] = "trust"
    level: ClassVar[Level] = Level.SOUND

    start = Setting(700, "tenths a device has before anything is known of it", 700, 750)
    identified = Setting(50, "tenths more when vendor and kind are known for certain", 0, 100)
    history = Setting(150, "tenths more, at most, for clean days", 0, 150)
    per_clean_day = Setting(10, "tenths more for each 24 clean hours", 0, 100)

    low = Setting(20, "tenths a low finding costs when its detector names no weight", 1, 1000)
    medium = Setting(80, "tenths a medium finding costs when its detector names no weight", 1, 1000)
    high = Setting(200, "tenths a high finding costs when its detector names no weight", 1, 1000)
    critical = Setting(400, "tenths a critical finding costs when its detector names no weight", 1, 1000)

    low_share = Setting(50, "percent of its weight that a low finding counts", 0, 100)
    medium_share = Setting(80, "percent of its weight that a medium finding counts", 0, 100)
    high_share = Setting(100, "percent of its weight that a high finding counts", 0, 200)
    critical_share = Setting(120, "percent of its weight that a critical finding counts", 0, 200)
    trial_share = Setting(60, "percent that evidence of a trial detector counts", 0, 100)
    sound_share = Setting(90, "percent that evidence of a sound detector counts", 0, 100)

    low_half_life = Setting(6, "hours in which a low finding loses half its effect", 1, 24 * 365)
    medium_half_life = Setting(48, "hours in which a medium finding loses half its effect", 1, 24 * 365)
    high_half_life = Setting(24 * 7, "hours in which a high finding loses half its effect", 1, 24 * 365)
    critical_half_life = Setting(24 * 21, "hours in which a critical finding loses half its effect", 1, 24 * 365)

    all_exposures = Setting(80, "tenths that all exposures together may cost", 0, 100)
    all_low = Setting(
        100, "tenths that all low findings and exposures together may cost, so that they alone leave it normal", 0, 100
    )
    trial_floor = Setting(400, "tenths below which trial evidence alone does not lower a device", 400, 1000)
    sound_floor = Setting(200, "tenths below which a device is not lowered without proven evidence", 200, 1000)
    compromise_cap = Setting(100, "tenths a device has at most after a confirmed compromise", 0, 199)
    compromise_hold = Setting(24 * 30, "hours for which that holds", 1, 24 * 3650)

    recovery = Setting(40, "tenths a device that once fell regains in a day at most", 1, 1000)
    hysteresis = Setting(50, "tenths above the edge of a band before a device rises into it", 0, 99)
    dwell = Setting(60, "minutes a device stays in a band before it may rise", 60, 60 * 24 * 30)
    know_hours = Setting(
        24, "different hours in which a device was seen before its profile counts as confirmed", 1, 8760
    )
    prior = Setting(24, "hours of watching that weigh as much as the assumption at the start", 1, 8760)

    def weight(self, severity: Severity, said: int, level: str) -> int:
        """What a finding costs at first, in tenths, 0–1000: its weight, scaled by severity and level."""
        if severity == Severity.INFO:
            return 0
        name = severity.name.lower()
        share = {"trial": self["trial_share"], "sound": self["sound_share"], "proven": 100}.get(
            level, self["trial_share"]
        )
        return max(0, min(1000, (said or self[name]) * self[f"{name}_share"] * share // 10_000))

    def standing_weight(self, severity: Severity, said: int, level: str) -> int:
        """What an exposure costs while it stands open, in tenths: its weight, scaled by how far its check is known."""
        if severity == Severity.INFO:
            return 0
        share = {"sound": self["sound_share"], "proven": 100}.get(level, self["trial_share"])
        return max(0, said * share // 100)

    def half_life(self, severity: Severity) -> int:
        """Hours."""
        return self[f"{max(severity, Severity.LOW).name.lower()}_half_life"]


DEFAULT: Final = TrustSettings()
