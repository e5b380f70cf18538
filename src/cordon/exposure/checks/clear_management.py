"""The check of web pages of devices in the clear."""

from collections.abc import Iterator

from cordon.exposure.check import Check, Sign
from cordon.exposure.data.kinds import GENERAL
from cordon.exposure.served import reach_of, talks_of
from cordon.exposure.sight import Sight
from cordon.model.finding import Severity


class ClearManagement(Check):
    """Its web page for managing it is served in clear (HTTP).

    Why it matters: Whoever listens on the way reads passwords and settings, and can change the page that you see.
    False alarms: A page that tells a state and takes no password.
    How to repair: Switch HTTPS on in its settings, use that address from now on, and let HTTP lead to it or switch
    it off.
    How we will know: It is seen serving TLS a day after it last served a page in clear, or none for 14 days.
    """

    id = "clear-management"
    action = "Manage it over HTTPS"
    family = "services"
    severity = Severity.MEDIUM
    weight = 20
    effort = 20
    requirements = (
        "ETSI EN 303 645 5.5-1",
        "ETSI EN 303 645 5.5-5",
        "NIST IR 8259A logical access to interfaces",
        "IEC 62443-4-2 CR 4.1",
    )
    reads = ("http", "talks")

    def look(self, seen: Sight) -> Iterator[Sign]:
        concerned = seen.stands(self.id)
        for row in seen.http:
            device, html = row["server_device"], row["content_type"].startswith("text/html")
            if not row["is_response"] or not device or not (row["realm"] or (row["status"] == 200 and html)):
                continue
            if seen.kind(device, row["step"]) not in GENERAL:
                concerned.add(device)
                yield self.shown(
                    device, row["step"], f"is managed over a web page in clear (HTTP, port {row['port']})",
                    first=row["time"], reach=reach_of(row), measured=(("port", row["port"]),),
                    peers=(row["client_device"],), rows=talks_of(row | {"device": device}),
                )  # fmt: skip
        for row in seen.served(("tls",), of=concerned):
            yield self.proper(row["device"], row["step"], "serves its pages over HTTPS instead")
