"""nftables on a Linux router: the commands of a decision, and a device's allowances as a ruleset."""

import re
from typing import ClassVar, Final

from cordon.actions.backend import Backend, Plan
from cordon.actions.backends.ruleset import addresses, chain, render
from cordon.model.decision import Change, Decision
from cordon.model.device import Device
from cordon.model.ids import derive
from cordon.model.trust import Band
from cordon.parts import Level

__all__ = ["Nftables", "render"]

SETS: Final = {Band.CORDONED: "cordoned", Band.ESSENTIALS_ONLY: "essentials_only", Band.USUAL_ONLY: "usual_only"}
"""Where a device is entered for each band; normal devices are entered nowhere."""


class Nftables(Backend):
    """Devices are held in sets and maps of an nftables table on the router.

    What it covers: what crosses the router or is meant for it; not what two devices of one segment say to each
    other, which the router never sees.
    What it needs: Linux with nftables 1.0 or newer.
    How to undo: each change names the commands that lead back; `nft delete table inet cordon` removes everything.
    """

    id: ClassVar[str] = "nftables"
    level: ClassVar[Level] = Level.TRIAL

    def plan(self, decision: Decision, device: Device, before: Band = Band.NORMAL) -> Plan:
        """See `Backend.plan`. Not covered: a device without a hardware address of its own here."""
        if not _macs(device):
            return Plan("its hardware address is not known here: it stands behind a router")
        if device.is_gateway:
            return Plan("it is the gateway, where these rules would run")
        away, back = _elements(device, before), _elements(device, decision.band)
        change = Change(
            id=derive("change", decision.id, self.id),
            site=decision.site,
            decision=decision.id,
            backend=self.id,
            does="\n".join([*(f"delete element {at}" for at in away), *(f"add element {at}" for at in back)]),
            undo="\n".join([*(f"delete element {at}" for at in back), *(f"add element {at}" for at in away)]),
            simulated=True,
        )
        return Plan("it is known by its hardware address, and what it sends crosses the router", change)


def _elements(device: Device, band: Band) -> list[str]:
    """The entries that hold a device in a band, as nft writes them."""
    if band == Band.NORMAL:
        return []
    v4, v6 = addresses([device])
    if band == Band.CORDONED:
        named = [("cordoned", _macs(device), ""), ("cordoned_v4", v4, ""), ("cordoned_v6", v6, "")]
    else:
        to = "to_usual" if band == Band.USUAL_ONLY else "to_essentials"
        short = to.removeprefix("to_")
        here, there = f" : jump {chain(short, device.id)}", f" : jump {chain('to-' + short, device.id)}"
        named = [(SETS[band], _macs(device), here), (f"{to}_v4", v4, there), (f"{to}_v6", v6, there)]
    return [
        f"inet cordon {name} {{ {', '.join(key + verdict for key in sorted(keys))} }}"
        for name, keys, verdict in named
        if keys
    ]


def _macs(device: Device) -> list[str]:
    """Its hardware addresses; what does not have the form of one never reaches a command."""
    return sorted(mac for mac in set(device.macs) if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", mac))
