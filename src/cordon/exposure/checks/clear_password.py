"""The check of passwords in the clear."""

from collections.abc import Iterator
from typing import Final

from cordon.exposure.check import Check, Sign
from cordon.exposure.served import reach_of
from cordon.exposure.sight import Sight
from cordon.exposure.talking import Row
from cordon.model.exposure import Reach
from cordon.model.finding import Rows, Severity
from cordon.model.tables import STEP

INSTEAD: Final = {
    "telnet": ("ssh",), "ftp": ("tls", "ssh"), "http": ("tls",), "mqtt": ("tls",), "pop": ("tls",), "imap": ("tls",),
    "smtp": ("tls",), "rtsp": ("tls",), "ldap": ("tls",), "sip": ("tls",),
}  # fmt: skip
"""What a service is recognised as when it is enciphered."""
NAMES: Final = {"pop": "POP3", "mqtt": "MQTT", "http": "a web page", "telnet": "Telnet"}


class ClearPassword(Check):
    """A password crosses the network where everybody on the way can read it.

    Why it matters: One device on the way that listens is enough to know the password, and to use it.
    False alarms: None: the password was seen. Some devices can do no better.
    How to repair: Use the enciphered form of the service (HTTPS, SSH, MQTT over TLS), then change the password.
    How we will know: The device is seen serving the enciphered form a day after the last password in clear, or none was
    seen for 14 days.
    """

    id = "clear-password"
    action = "Stop sending passwords in clear"
    family = "credentials"
    severity = Severity.MEDIUM
    weight = 30
    effort = 20
    requirements = (
        "ETSI EN 303 645 5.5-6",
        "ETSI EN 303 645 5.1-3",
        "NIST IR 8259A data protection",
        "IEC 62443-4-2 CR 1.5",
        "IEC 62443-4-2 CR 4.1",
    )
    reads = ("logins", "talks")

    def look(self, seen: Sight) -> Iterator[Sign]:
        concerned = seen.stands(self.id)
        for row in seen.logins:
            service, server, client = row["service"], row["server_device"], row["client_device"]
            name = NAMES.get(service, service.upper())
            if not row["clear"]:
                continue
            concerned.add(server)
            if server:
                yield self.shown(
                    server,
                    row["step"],
                    f"takes passwords in clear over {name} (port {row['port']})",
                    about=service,
                    first=row["time"],
                    reach=reach_of(row),
                    measured=(("port", row["port"]),),
                    peers=(client,),
                    rows=_rows(row, "server_mac", "server"),
                )
            elif client:
                yield self.shown(
                    client,
                    row["step"],
                    f"sends its password in clear to {row['server']} over {name}",
                    about=f"{service} to {row['server']}",
                    first=row["time"],
                    reach=Reach.PATH,
                    measured=(("to", row["server"]), ("port", row["port"])),
                    rows=_rows(row, "mac", "client"),
                )
        for service, better in INSTEAD.items():
            for row in seen.served(better, of=concerned):
                yield self.proper(row["device"], row["step"], "serves it enciphered instead", about=service)


def _rows(row: Row, mac: str, ip: str) -> Rows:
    return Rows("logins", row["step"], row["step"] + STEP, tuple((name, row[name]) for name in ("segment", mac, ip)))
