"""The check of devices that should not meet."""

from collections.abc import Iterator

import polars as pl

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
        meet = seen.talks.filter(
            (pl.col("peer_device") != "") & (pl.col("payload_out") > 0) & (pl.col("payload_in") > 0)
            & ~pl.col("service").is_in(["dns", "mdns", "ssdp", "dhcp", "ntp"])
        )  # fmt: skip
        pairs = meet.group_by("device", "peer_device", "step").agg(
            first=pl.col("time").min(), port=pl.col("port").min()
        )
        pairs = seen.with_kind(seen.with_kind(pairs.sort("step", "device", "peer_device")), "peer_device", "peer_kind")
        for row in pairs.filter(pl.col("kind").is_in(DELICATE) & pl.col("peer_kind").is_in(STRANGERS)).iter_rows(
            named=True
        ):
            says = KIND[row["peer_kind"]].says
            yield self.shown(
                row["device"], row["step"], f"is reached by a {says}, in the same network", about=row["peer_kind"],
                first=row["first"], measured=(("port", row["port"]),), peers=(row["peer_device"],), rows=talks_of(row),
            )  # fmt: skip
