"""The shipped checks, and what installed packages add."""

from typing import Final

from cordon.exposure.check import Check
from cordon.exposure.checks.clear_password import ClearPassword
from cordon.exposure.checks.default_password import DefaultPassword
from cordon.exposure.checks.telnet_in_use import TelnetInUse
from cordon.parts import gather

SHIPPED: Final[tuple[type[Check], ...]] = (
    ClearPassword,
    DefaultPassword,
    TelnetInUse,
)

CHECKS: Final = gather(SHIPPED, "checks")
"""All of them, as the stage uses them."""
