"""Manufacturer's usage descriptions (MUD, RFC 8520): what a device may do, as its maker says."""

from cordon.policy.mud.reading import read
from cordon.policy.mud.statement import Mud, MudError, Statement
from cordon.policy.mud.writing import write

__all__ = ["Mud", "MudError", "Statement", "read", "write"]
