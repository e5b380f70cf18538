"""Gentle questions on one's own network, so that devices that say nothing by themselves say who they are.

Off unless somebody runs it. Only the questions are sent from here: the answers pass the interface and are read by the
same engine as all other traffic, so a device that was asked is known by the same evidence as one that was overheard.
Read `round` first, then `questions` (the bytes) and `link` (the interface they leave by).
"""

from cordon.sources.discovery.link import Host, Link
from cordon.sources.discovery.round import Outcome, Plan, Round

__all__ = ["Host", "Link", "Outcome", "Plan", "Round"]
