"""Rows of talks, written down shortly, for the tests of policy."""

from typing import Any
from zlib import crc32

import polars as pl

from cordon.model.device import Attribute, Device
from cordon.model.facts import TALKS
from cordon.model.tables import MINUTE, STEP

BEGIN = 1_767_225_600_000_000  # 2026-01-01
CAMERA = Device("device-1", "site", BEGIN, BEGIN, ("02:00:00:00:00:01",), ("10.0.0.9",), ("cam",))
GATEWAY = Device("device-gw", "site", BEGIN, BEGIN, ("02:00:00:00:00:02",), ("10.0.0.1",), ("router",), is_gateway=True)
HUB = Device(
    "device-hub", "site", BEGIN, BEGIN, ("02:00:00:00:00:03",), ("10.0.0.3",), ("hub",), kind=Attribute("hub", 900)
)
DEVICES = {one.id: one for one in (CAMERA, GATEWAY, HUB)}

PLAIN: dict[str, Any] = {
    "is_first": True,
    "device": CAMERA.id,
    "peer": "203.0.113.5",
    "peer_device": "",
    "name": "",
    "scope": "internet",
    "initiated": True,
    "proto": 6,
    "port": 443,
    "service": "",
    "state": "open",
    **{f"{what}_{way}": 1 for what in ("packets", "bytes", "payload") for way in ("out", "in")},
}


def talk(times: int = 1, minute: int = 0, every: int = 10, **given: Any) -> list[dict[str, Any]]:
    """So many flows, the first that many minutes after `BEGIN`, one every so many minutes."""
    seed = crc32(str(given).encode())
    times_of = [BEGIN + (minute + n * every) * MINUTE for n in range(times)]
    return [
        {**PLAIN, **given, "time": t + 7, "step": t - t % STEP, "flow": seed * 1_000_003 + minute * 1009 + n}
        for n, t in enumerate(times_of)
    ]


def frame(*talks: list[dict[str, Any]]) -> pl.DataFrame:
    """A frame of `TALKS`."""
    return pl.DataFrame([row for rows in talks for row in rows], schema=TALKS, orient="row").select(list(TALKS))


DNS = {"peer": "10.0.0.1", "peer_device": GATEWAY.id, "scope": "local", "proto": 17, "port": 53, "service": "dns"}
DHCP = {"peer": "255.255.255.255", "scope": "broadcast", "proto": 17, "port": 67, "service": "dhcp"}
