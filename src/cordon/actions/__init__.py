"""Everything that goes out. For now only plans: what would be changed on a network, and how to undo it."""

from cordon.actions.stage import State, step

__all__ = ["State", "step"]
