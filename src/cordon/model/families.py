"""The families of findings: what kind of attack something is part of, or what stands or changed without being one."""

from typing import Final

ATTACKS: Final = (
    "scan",
    "brute-force",
    "spread",
    "exploit",
    "command-and-control",
    "tunnel",
    "exfiltration",
    "flood",
    "man-in-the-middle",
    "ot",
    "download",
    "abuse",
)
"""Kinds of attack."""

STANDING: Final = ("exposure", "change")
"""What is no attack: a weakness that stands until somebody mends it, and something new that may well be wanted. Alone
they make no incident; they join one of their device."""

FAMILIES: Final = (*ATTACKS, *STANDING)
"""All of them. Each detector declares one."""
