"""What leaves for the Internet in clear: the same for all checks of HTTP."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from cordon.exposure.data.kinds import GENERAL
from cordon.exposure.sight import Sight
from cordon.exposure.talking import Row
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


def enciphered(seen: Sight, hosts: Mapping[str, set[str]]) -> Iterator[Row]:
    """That devices talked over TLS to one of these hosts on the Internet: `device`, `step`, `host`.

    Args:
        hosts: of each device the hosts that it talked to in clear.
    """
    for row in seen.enciphered(hosts, set().union(*hosts.values())):
        host = row["name"].lower()[:MOST_NAME]
        if row["outside"] and host in hosts[row["device"]]:
            yield {"device": row["device"], "step": row["step"], "host": host}


def in_clear_before(seen: Sight, check: str) -> dict[str, set[str]]:
    """Of each device the hosts that an exposure of that check stands for."""
    found: dict[str, set[str]] = defaultdict(set)
    for device, host in seen.stood[check]:
        found[device].add(host)
    return found
