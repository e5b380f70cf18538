"""What a finding costs that comes from elsewhere (another sensor, a rule of the owner), by its severity."""

from typing import Final

from cordon.model.finding import Severity

WEIGHTS: Final = {Severity.LOW: 20, Severity.MEDIUM: 100, Severity.HIGH: 250, Severity.CRITICAL: 400}
"""Tenths of trust."""
