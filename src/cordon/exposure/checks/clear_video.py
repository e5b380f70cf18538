"""The check of video in the clear."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class ClearVideo(InClear):
    """It streams video over RTSP, which anybody on the way can watch.

    Why it matters: What the camera sees is there for every device in the same network that listens.
    False alarms: A network of cameras and recorder alone, with nothing else in it: accept it there.
    How to repair: Let camera and recorder use RTSP over TLS or HTTPS; else put both into a network of their own.
    How we will know: It is seen serving TLS on 322 or 443 a day after it last answered RTSP in clear, or no such
    video for 14 days.
    """

    id = "clear-video"
    action = "Encipher the video"
    family = "encryption"
    severity = Severity.MEDIUM
    weight = 15
    effort = 20
    requirements = (
        "ETSI EN 303 645 5.8-2",
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.1",
    )
    services = ("rtsp",)
    instead = (("tls", 322), ("tls", 443))
    does = "streams video in clear (RTSP, port {port})"
    well = "streams enciphered instead"
