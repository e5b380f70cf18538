"""The contract of whatever changes a network: it plans, purely, and says what it does not cover."""

from abc import abstractmethod
from dataclasses import dataclass

from cordon.model.decision import Change, Decision
from cordon.model.device import Device
from cordon.model.trust import Band
from cordon.parts import Part


@dataclass(frozen=True, slots=True)
class Plan:
    """What a back-end would do for one decision. Not covered: `because` says why, and there is no change."""

    because: str
    change: Change | None = None

    @property
    def covered(self) -> bool:
        """Whether the back-end can make the decision so."""
        return self.change is not None


class Backend(Part):
    """One way of changing a network, in a file of its own. Its docstring is its page in the manual."""

    @abstractmethod
    def plan(self, decision: Decision, device: Device, before: Band = Band.NORMAL) -> Plan:
        """The change that makes `decision` so for a device that is in band `before`, with the undo that leads back.

        Pure: nothing is asked of the network and nothing is done to it.
        """
