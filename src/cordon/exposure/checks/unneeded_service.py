"""The check of services that a kind of device does not need."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.kinds import KIND

SERVICES: Final = {
    "22": "SSH", "111": "RPC", "139": "NetBIOS", "445": "SMB", "512": "rexec", "513": "rlogin", "514": "rsh",
    "2049": "NFS", "2375": "Docker", "3306": "MySQL", "5432": "PostgreSQL", "6000": "X11", "6379": "Redis",
    "9200": "Elasticsearch", "11211": "memcached", "27017": "MongoDB",
}  # fmt: skip
KINDS: Final = frozenset(kind.id for kind in KIND.values() if kind.group == "home") - {"hub"} | {
    "camera", "doorbell", "badge-reader", "door-lock", "alarm", "voip-phone", "display", "projector",
}  # fmt: skip


class UnneededService(Check):
    """A service answers on it that devices of its kind do not need.

    Why it matters: Every open service is a door; of one that nobody uses nobody notices when it is forced.
    False alarms: A service that its owner put there; accept it.
    How to repair: Switch the service off in its settings, or block its port on the way.
    How we will know: It accepts no connection on that port for 14 days.
    """

    id = "unneeded-service"
    action = "Close services that it does not need"
    family = "services"
    severity = Severity.LOW
    weight = 10
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.6-5",
        "ETSI EN 303 645 5.6-1",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 7.7",
    )
    reads = ("sightings",)

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("tcp.serves"):
            port = row["value"]
            if port in SERVICES and seen.kind(row["device"], row["step"]) in KINDS:
                says = f"answers on port {port} ({SERVICES[port]}), which it does not need"
                yield self.shown(
                    row["device"], row["step"], says, about=port, first=row["first"], measured=(("port", int(port)),)
                )
