"""What people handle: findings that belong together, as one story with a beginning and an end."""

from cordon.incidents.stage import State, step

__all__ = ["State", "step"]
