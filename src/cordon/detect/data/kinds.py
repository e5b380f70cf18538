"""Which kinds of device go wherever people send them: for those a new destination means nothing."""

from typing import Final

GENERAL: Final = frozenset(
    {"", "workstation", "phone", "server", "nas", "single-board", "router", "firewall", "switch", "access-point"}
)
"""General-purpose devices; a device whose kind is not known is given the benefit of the doubt."""

WANDERING: Final = GENERAL | frozenset({"tv", "streaming", "game-console", "display", "voice-assistant", "conference"})
"""Devices that play what people choose, and so reach new places every day."""

SERVING: Final = frozenset({"server", "nas", "router", "firewall", "access-point", "switch", "broker", "workstation"})
"""Devices that may well be meant to answer."""
