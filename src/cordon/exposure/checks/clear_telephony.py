"""The check of telephony in the clear."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class ClearTelephony(InClear):
    """It signs calls in clear (SIP).

    Why it matters: Who calls whom can be read on the way, and calls can be redirected; the voice is usually in
    clear as well.
    False alarms: Telephones in a network of their own beside a switchboard that can do no better.
    How to repair: Choose TLS for SIP and SRTP for the voice, in the telephone and in the switchboard.
    How we will know: It is seen using TLS on 5061 a day after it last used SIP in clear, or no SIP in clear for 14
    days.
    """

    id = "clear-telephony"
    action = "Encipher telephony"
    family = "encryption"
    severity = Severity.LOW
    weight = 10
    effort = 30
    requirements = (
        "ETSI EN 303 645 5.8-1",
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.1",
    )
    services = ("sip",)
    instead = (("tls", 5061),)
    outward = True
    does = "signs telephone calls in clear (SIP, port {port})"
    well = "signs calls enciphered instead"
