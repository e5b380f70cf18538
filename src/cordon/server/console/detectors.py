"""The detectors that are installed, for their manual pages and settings."""

from cordon.parts import Part

DETECTORS: tuple[type[Part], ...] = ()
