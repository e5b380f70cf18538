"""The check of a broker in the clear."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class MqttClear(InClear):
    """It takes and hands out MQTT messages in clear.

    Why it matters: Anybody on the way reads what sensors tell and can send commands of their own in between.
    False alarms: None: messages crossed in clear.
    How to repair: Give the broker a certificate and a listener on port 8883, move its clients there, then close
    1883.
    How we will know: It is seen answering TLS on 8883 a day after the last message in clear, or none of those for
    14 days.
    """

    id = "mqtt-clear"
    action = "Encipher the broker"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 20
    effort = 45
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.1",
        "IEC 62443-4-2 CR 3.1",
    )
    services = ("mqtt",)
    ports = (1883,)
    instead = (("tls", 8883),)
    does = "hands out messages in clear (MQTT, port {port})"
    well = "hands out messages enciphered instead"
