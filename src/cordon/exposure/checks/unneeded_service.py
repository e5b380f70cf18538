"""The check of services that a kind of device does not need."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.services import OF_THEIR_OWN, PORTS, SAYS
from cordon.exposure.served import reach_of, talks_of
from cordon.exposure.sight import Sight
from cordon.model.exposure import Reach
from cordon.model.finding import Severity


class UnneededService(Check):
    """A service answers on it that the written baseline of its kind does not have.

    Why it matters: Every open service is a door; of one that nobody uses nobody notices when it is forced.
    False alarms: A service that its owner put there; write it into the baseline of the kind, or an exception for it.
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
    reads = ("sightings", "talks")

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.sightings("tcp.serves"):
            port = row["value"]
            if (says := _drift(seen, row["device"], row["step"], PORTS.get(port, ""), port)) is not None:
                yield self.shown(
                    row["device"], row["step"], says, about=port, first=row["first"], measured=(("port", int(port)),),
                    reach=Reach.NETWORK, rows=row["rows"],
                )  # fmt: skip
        for row in seen.serving():
            port = str(row["port"])
            if (says := _drift(seen, row["device"], row["step"], row["service"], port)) is not None:
                yield self.shown(
                    row["device"], row["step"], says, about=port, first=row["first"], measured=(("port", row["port"]),),
                    reach=reach_of(row), peers=(row["peer_device"],), rows=talks_of(row),
                )  # fmt: skip


def _drift(seen: Sight, device: str, step: int, service: str, port: str) -> str | None:
    """What is to be said where a service is not in the baseline."""
    expected = seen.expected(device, step)
    if expected is None or service in OF_THEIR_OWN or {service, port} & expected.services:
        return None
    if service not in SAYS and not expected.strict:
        return None
    if seen.exempts(device, service or port, step) or seen.exempts(device, port, step):
        return None
    named = f" ({SAYS.get(service, service)})" if service else ""
    return f"answers on port {port}{named}, which it does not need"
