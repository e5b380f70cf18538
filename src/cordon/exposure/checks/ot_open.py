"""The check of plant protocols that know nobody."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.served import reach_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Rows, Severity
from cordon.model.tables import STEP

OPEN: Final = ("modbus", "s7comm", "bacnet", "dnp3", "enip", "iec104", "knx")
NAMES: Final = {"modbus": "Modbus", "bacnet": "BACnet", "s7comm": "S7", "enip": "EtherNet/IP", "iec104": "IEC 104"}


class OtOpen(Check):
    """It takes plant commands (Modbus, BACnet, S7 and the like) without knowing from whom.

    Why it matters: Anything in the same network can read what it measures; where it takes writes, anything can run
    the plant.
    False alarms: These protocols are made so. What matters is that nothing else is in that network.
    How to repair: Put the controller behind a firewall that lets only its HMI and engineering station in, in a
    maintenance window.
    How we will know: No such command is seen for 14 days on the networks that Cordon watches, or somebody accepts
    it with a reason.
    """

    id = "ot-open"
    action = "Put a guard before the controller"
    family = "services"
    severity = Severity.MEDIUM
    weight = 20
    effort = 120
    requirements = (
        "ETSI EN 303 645 5.5-4",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 1.2",
        "IEC 62443-4-2 CR 2.1",
        "IEC 62443-3-3 SR 5.2",
    )
    reads = ("ot",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.operations:
            if row["protocol"] not in OPEN:
                continue
            step, name = row["step"], NAMES.get(row["protocol"], row["protocol"].upper())
            yield self.shown(
                row["server_device"], step, f"{'takes commands' if row['changes'] else 'answers'} without a password"
                f" ({name})", about=row["protocol"], first=row["first"], reach=reach_of(row),
                severity=Severity.HIGH if row["changes"] else Severity.MEDIUM,
                measured=(("protocol", row["protocol"]), ("port", row["port"])), peers=(row["client_device"],),
                rows=Rows("ot", step, step + STEP, (("segment", row["segment"]), ("server", row["server"]))),
            )  # fmt: skip
