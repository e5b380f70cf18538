"""The check of FTP."""

from cordon.exposure.served import InClear
from cordon.model.finding import Severity


class FtpInUse(InClear):
    """It hands out or takes files over FTP, which enciphers neither passwords nor files.

    Why it matters: Anybody on the way reads the password and the files, and can change a file unnoticed.
    False alarms: None: files crossed. Scanners that can store by FTP only are the usual case.
    How to repair: Store over SFTP or SMB 3, or switch FTP off where nobody uses it.
    How we will know: It is seen answering SSH or TLS a day after it last answered FTP, or no FTP for 14 days.
    """

    id = "ftp-in-use"
    action = "Replace FTP"
    family = "services"
    severity = Severity.MEDIUM
    weight = 25
    effort = 15
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 4.1",
        "IEC 62443-4-2 CR 7.7",
    )
    services = ("ftp", "tftp")
    ports = (21,)
    instead = (("ssh", 0), ("tls", 990))
    does = "serves files over FTP (port {port}), which hides nothing"
    well = "serves files enciphered instead"
