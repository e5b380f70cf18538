"""The check of brokers that let anybody in."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.served import reach_of, talks_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity
from cordon.model.tables import HOUR


class MqttOpen(Check):
    """Its MQTT broker lets clients in that name neither user nor password.

    Why it matters: Anything in the network can read all messages, and switch whatever listens to commands.
    False alarms: A broker that lets strangers read a few harmless topics only.
    How to repair: Give each client a user and a password, allow each its own topics, then forbid clients without.
    How we will know: A client without a user is turned away, and an hour passes in which none is let in.
    """

    id = "mqtt-open"
    action = "Let the broker ask for a password"
    family = "credentials"
    severity = Severity.HIGH
    weight = 40
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.5-4",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 1.2",
        "IEC 62443-4-2 CR 2.1",
    )
    reads = ("mqtt",)
    settles = HOUR

    def look(self, seen: Sight) -> Iterator[Sign]:
        for row in seen.mqtt:
            device = row["server_device"]
            if not device or row["user"] or not row["client_id"]:
                continue
            if row["result"] == "accepted":
                yield self.shown(
                    device, row["step"], f"lets clients in without a password (MQTT, port {row['port']})",
                    first=row["time"], reach=reach_of(row), peers=(row["client_device"],),
                    measured=(("port", row["port"]), ("client", row["client_id"][:100])),
                    rows=talks_of(row | {"device": device}),
                )  # fmt: skip
            elif row["result"]:
                yield self.proper(device, row["step"], "turns clients without a password away")
