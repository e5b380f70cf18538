"""How far each device is trusted: a score whose reasons add up, and the band that follows from it."""

from cordon.trust.settings import TrustSettings
from cordon.trust.stage import State, step

__all__ = ["State", "TrustSettings", "step"]
