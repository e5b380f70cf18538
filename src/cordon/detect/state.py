"""What detection remembers between steps: bounded frames and a few scalars, saved by `cordon.model.snapshot`."""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from cordon.detect.baseline.memory import HEARD, LIKES, Baselines
from cordon.model.sides import BINDINGS, DEVICES
from cordon.model.tables import Schema
from cordon.model.verdict import Verdict

NAMES: Final[Schema] = {
    "device": pl.String,
    "address": pl.String,
    "time": pl.Int64,
    "until": pl.Int64,
    "name": pl.String,
}
"""Addresses that DNS answered to a device, and until when that is believed."""

FLOW_NAMES: Final[Schema] = {"flow": pl.UInt64, "device": pl.String, "known_name": pl.String, "seen": pl.Int64}

LINKS: Final[Schema] = {
    "device": pl.String,
    "step": pl.Int64,
    "initiated": pl.Boolean,
    "scope": pl.String,
    "proto": pl.UInt8,
    "port": pl.UInt16,
    "peer": pl.String,
    "peer_device": pl.String,
    "first": pl.Int64,
    "flows": pl.Int64,
    "answered": pl.Boolean,
    "named": pl.Boolean,  # the device had asked for it by a name
    "packets_out": pl.Int64,
    "packets_in": pl.Int64,
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
}
"""Who talked with whom over what, per step: talks without the single flows."""

QUESTIONS: Final[Schema] = {
    "device": pl.String,
    "domain": pl.String,
    "name": pl.String,
    "step": pl.Int64,
    "first": pl.Int64,
    "length": pl.Int64,  # of the part below the registered domain
}

TRIES: Final[Schema] = {
    "client_device": pl.String,
    "server_device": pl.String,
    "client": pl.String,
    "server": pl.String,
    "port": pl.UInt16,
    "service": pl.String,
    "tag": pl.String,  # 16 bits of the keyed hash: tells different secrets apart, says nothing of them
    "step": pl.Int64,
    "first": pl.Int64,
    "tries": pl.Int64,
    "failures": pl.Int64,
    "successes": pl.Int64,
    "default": pl.String,  # user name of the known default that was not refused, else ""
    "clear": pl.Boolean,
    "scope": pl.String,  # of the client, seen from the server
}

CLAIMS: Final[Schema] = {
    "segment": pl.String,
    "ip": pl.String,
    "device": pl.String,
    "step": pl.Int64,
    "first": pl.Int64,
    "replies": pl.Int64,
}

ASKED: Final[Schema] = {
    "segment": pl.String,
    "device": pl.String,
    "ip": pl.String,
    "step": pl.Int64,
    "first": pl.Int64,
}

KNOWN: Final[Schema] = {
    "device": pl.String,
    "key": pl.String,
    "first": pl.Int64,  # step
    "last": pl.Int64,  # µs of the last row
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
}
"""What a device has met before; see `features.novelty` for the keys."""

BEATS: Final[Schema] = {
    "device": pl.String,
    "dest": pl.String,
    "port": pl.UInt16,
    "step": pl.Int64,
    "time": pl.Int64,
    "bytes_out": pl.Int64,
}

HOURS: Final[Schema] = {
    "device": pl.String,
    "hour": pl.Int64,
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
    "outside": pl.Int64,  # bytes sent to the Internet
    "flows": pl.Int64,
}
"""What each device said in an hour."""

USUAL: Final[Schema] = {
    "device": pl.String,
    "hours": pl.Int64,  # of presence that were learned
    "settled": pl.Int64,  # when the getting-to-know period was over, µs; 0: it is not
    "peak": pl.Int64,  # most bytes sent to the Internet within a learned hour; fades
    "most": pl.Int64,  # most bytes in all within a learned hour; fades
}

BOUNDS: Final[Schema] = {"device": pl.String, "low": pl.Int64, "high": pl.Int64}
"""What is usual for the hour that is watched."""


TALLIES: Final[Schema] = {
    "rule": pl.String,  # or detector
    "device": pl.String,
    "value": pl.String,  # of the column that is counted, or ""
    "step": pl.Int64,
    "n": pl.Int64,
    "first": pl.Int64,
}
"""What rules of owners and detectors of logs count; see `tallies`."""


@dataclass(frozen=True, slots=True)
class Sign:
    """That a finding was noticed about a device: a second sign makes others weigh more."""

    device: str
    detector: str
    noticed: int
    strong: bool
    about: tuple[str, ...] = ()  # what it names: devices, addresses, places, services; see `baseline.hour`


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything detection remembers; ``State()`` is the start."""

    hour: int = 0  # start of the hour that is being watched, µs
    bindings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BINDINGS))
    devices: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DEVICES))
    names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NAMES))
    flow_names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FLOW_NAMES))
    links: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINKS))
    questions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUESTIONS))
    tries: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TRIES))
    claims: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CLAIMS))
    asked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ASKED))
    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KNOWN))
    beats: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BEATS))
    tallies: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TALLIES))
    running: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HOURS))  # the hour that is watched
    usual: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=USUAL))
    bounds: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BOUNDS))
    episodes: dict[str, int] = field(default_factory=dict)  # behaviour → until when it is the same episode, µs
    signs: tuple[Sign, ...] = ()
    verdicts: tuple[Verdict, ...] = ()  # that stand
    likes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LIKES))
    heard: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HEARD))  # in the hour that is watched
    baselines: Baselines = field(default_factory=Baselines)
