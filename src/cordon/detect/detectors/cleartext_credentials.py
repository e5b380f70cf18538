"""The detector of credentials in the clear."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Level


class CleartextCredentials(Detector):
    """A password crosses the network where everybody on the way can read it.

    Why it matters: one taken device that listens is enough to know it.
    False alarms: none to speak of; some devices cannot do better and need an encrypted front.
    What to do: switch the service to its encrypted form, then change the password.
    """

    id = "cleartext-credentials"
    family = "exposure"
    technique = "T1040"
    severity = Severity.LOW
    level = Level.SOUND
    weight = 30
    span = 7 * DAY
    reads = ("tries",)

    def look(self, seen: Features) -> Iterator[Finding]:
        clear = seen.now(seen.tries).filter("clear").group_by(
            "server_device", "client_device", "service", "port", "step", maintain_order=True
        ).agg(pl.col("first").min(), pl.col("server").first())  # fmt: skip
        for row in clear.iter_rows(named=True):
            device = row["server_device"] or row["client_device"]
            if not device:
                continue
            ends = {"mac": "server_mac", "ip": "server"} if row["server_device"] else {"mac": "mac", "ip": "client"}
            where = seen.selector("logins", device, row["step"], **ends, such=pl.col("server") == row["server"])
            does = "takes" if row["server_device"] else f"sends to {row['server']}"
            yield self.finding(
                device,
                f"{does} passwords unencrypted ({row['service']}, port {row['port']})",
                began=row["first"],
                noticed=row["step"] + STEP,
                measured=(("port", row["port"]),),
                peers=(row["client_device"],),
                about=f"{row['service']}:{row['port']}",
                rows=Rows(
                    "logins", row["step"], row["step"] + STEP, tuple({**dict(where), "server": row["server"]}.items())
                ),
            )
