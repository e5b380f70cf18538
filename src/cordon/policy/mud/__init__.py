"""Manufacturer's usage descriptions (MUD, RFC 8520): what a device may do, as its maker says."""

from cordon.policy.mud.drafting import describe, untold
from cordon.policy.mud.fitting import Beyond, Comparison, compare
from cordon.policy.mud.reading import MOST_BYTES, read
from cordon.policy.mud.statement import Mud, MudError, Statement
from cordon.policy.mud.writing import write

__all__ = [
    "MOST_BYTES",
    "Beyond",
    "Comparison",
    "Mud",
    "MudError",
    "Statement",
    "compare",
    "describe",
    "read",
    "untold",
    "write",
]
