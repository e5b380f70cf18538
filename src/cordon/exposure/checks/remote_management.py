"""The check of remote management by a provider."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class RemoteManagement(InClear):
    """It answers on the port by which providers manage routers (TR-069, 7547).

    Why it matters: Flaws in this interface let worms take over hundreds of thousands of routers at once.
    False alarms: Your provider manages the router and lets nobody else in: it should refuse all others.
    How to repair: Switch remote management off in the router, or ask the provider to limit it to its own
    addresses.
    How we will know: Nobody is answered on that port for 14 days.
    """

    id = "remote-management"
    action = "Close remote management"
    family = "services"
    severity = Severity.LOW
    weight = 10
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.5-5",
        "ETSI EN 303 645 5.6-1",
        "NIST IR 8259A device configuration",
        "IEC 62443-4-2 NDR 1.13",
    )
    services = ("tr069", "cwmp")
    ports = (7547,)
    does = "can be managed from afar (TR-069, port {port})"
