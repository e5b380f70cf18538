"""The check of screens that are shared over the network."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class RemoteDesktop(InClear):
    """Its screen can be used from afar (VNC or RDP).

    Why it matters: VNC enciphers nothing and its passwords are short; RDP that is reachable from outside is tried
    day and night.
    False alarms: A help desk that works this way. Keep it within the network and behind a strong password.
    How to repair: Switch it off where nobody needs it; else let it in only over a VPN or SSH, with a password of
    its own.
    How we will know: Nobody is answered on these ports for 14 days.
    """

    id = "remote-desktop"
    action = "Guard or end screen sharing"
    family = "services"
    severity = Severity.MEDIUM
    weight = 20
    effort = 15
    requirements = (
        "ETSI EN 303 645 5.5-4",
        "ETSI EN 303 645 5.6-1",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 1.1",
    )
    services = ("vnc", "rdp")
    ports = (5900, 5901, 5902, 5903, 3389)
    does = "shows its screen to others (port {port})"
