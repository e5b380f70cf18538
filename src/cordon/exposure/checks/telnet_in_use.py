"""The check of Telnet."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class TelnetInUse(InClear):
    """It is managed over Telnet, which sends everything as it is typed.

    Why it matters: Anybody on the way reads the password and can take the session over; worms look for Telnet first.
    False alarms: Old plant equipment that can do nothing else; accept it, and keep it in a network of its own.
    How to repair: Switch Telnet off in the device's settings; use SSH or its web page over HTTPS.
    How we will know: It is seen answering SSH a day after it last answered Telnet, or no Telnet for 14 days.
    """

    id = "telnet-in-use"
    action = "Switch Telnet off"
    family = "services"
    severity = Severity.HIGH
    weight = 50
    effort = 10
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "ETSI EN 303 645 5.6-1",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 4.1",
        "IEC 62443-4-2 CR 7.7",
    )
    services = ("telnet",)
    ports = (23, 2323)
    instead = (("ssh", 0),)
    does = "is managed over Telnet (port {port}), which hides nothing"
    well = "answers SSH instead"
