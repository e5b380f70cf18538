"""The check of devices that should not meet."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import DELICATE, STRANGERS
from cordon.exposure.served import talks_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.kinds import KIND


class FlatPlacement(Check):
    """Part of a plant or a clinic talks with things that have no business there: telephones, cameras, toys.

    Why it matters: What is taken over elsewhere in the network can reach what people or the plant depend on.
    False alarms: A camera or display that is part of the plant; put it into the plant's own network.
    How to repair: Divide the network: a VLAN or firewall for the plant or clinic, with a rule for each thing that
    must pass.
    How we will know: They are not seen talking for 14 days.
    """

    id = "flat-placement"
    action = "Put it into a network of its own"
    family = "placement"
    severity = Severity.MEDIUM
    weight = 25
    effort = 60
    requirements = (
        "IEC 62443-3-3 SR 5.1",
        "IEC 62443-3-3 SR 5.2",
        "IEC 62443-4-2 CR 2.1",
        "NIST IR 8259A logical access to interfaces",
    )
    reads = ("talks",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.met:
            peer, step = row["peer_device"], row["step"]
            ends = ((row["device"], peer), (peer, row["device"]))
            for device, other in ends:
                kind = seen.kind(other, step)
                if kind in STRANGERS and seen.kind(device, step) in DELICATE:
                    yield self.shown(
                        device, step, f"is reached by a {KIND[kind].says}, in the same network", about=kind,
                        first=row["first"], measured=(("port", row["port"]),), peers=(other,),
                        rows=talks_of(row | {"device": device}),
                    )  # fmt: skip
