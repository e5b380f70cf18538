"""What leaves for the Internet in clear: the same for all checks of HTTP."""

import re
from collections.abc import Iterator
from typing import Final

from cordon.exposure.data.kinds import GENERAL
from cordon.exposure.sight import Row, Sight
from cordon.model.finding import Rows
from cordon.model.tables import STEP

UPDATE: Final = re.compile(
    r"firmware|/fota|/ota[/._-]|sysupgrade|upgrade|[/_-]update|\.(bin|img|fw|swu|trx|rbf|fwu)$", re.IGNORECASE
)
"""Paths that speak of an update."""
LOOKS: Final = re.compile(
    r"connectivity|connecttest|generate_204|gen_204|captive|ncsi|success\.txt|hotspot-detect|\.crl$|ocsp", re.IGNORECASE
)
"""Hosts and paths by which devices see whether the Internet is there, or whether a certificate was called back."""
MOST_NAME: Final = 100


def in_clear(seen: Sight, *, updates: bool) -> Iterator[Row]:
    """Requests in clear that devices of one purpose sent to the Internet, for updates or for all else: `device`,
    `step`, `first`, `host`, `path` and `rows`."""
    for row in seen.http:
        path, name, device = row["path"], row["host"], row["client_device"]
        if row["is_response"] or not device or not row["outside"] or LOOKS.search(path) or LOOKS.search(name):
            continue
        if (UPDATE.search(path) is not None) is updates and seen.kind(device, row["step"]) not in GENERAL:
            host = re.sub(r":\d+$", "", name).lower()[:MOST_NAME] or row["server"]
            where = (("segment", row["segment"]), ("mac", row["mac"]))
            selector = Rows("http", row["step"], row["step"] + STEP, where)
            yield {
                "device": device,
                "step": row["step"],
                "first": row["time"],
                "host": host,
                "path": path,
                "rows": selector,
            }


def enciphered(seen: Sight) -> Iterator[Row]:
    """That devices talked over TLS to a host on the Internet: `device`, `step`, `host`."""
    for row in seen.named:
        if row["service"] == "tls":
            yield {"device": row["device"], "step": row["step"], "host": row["name"].lower()[:MOST_NAME]}
