"""What a device may reach: decisions from trust, a draft of least privilege, and what that would have blocked."""

from cordon.policy.draft import draft
from cordon.policy.flows import flows_of
from cordon.policy.simulate import Blocked, Simulation, simulate
from cordon.policy.stage import State, step

__all__ = ["Blocked", "Simulation", "State", "draft", "flows_of", "simulate", "step"]
