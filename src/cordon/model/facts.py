"""All that one step of the pipeline yields: the bundle that stages hand on."""

from dataclasses import dataclass, field

import polars as pl

from cordon.model.decision import Change, Decision, Profile
from cordon.model.device import Binding, Device
from cordon.model.finding import Finding
from cordon.model.incident import Incident
from cordon.model.trust import Trust
from cordon.model.window import Window


@dataclass(slots=True)
class Facts:
    """New or changed facts of one window, each list in canonical order.

    A stage reads what earlier stages put here and adds its own; it never changes another's.
    """

    window: Window
    devices: list[Device] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    presence: pl.DataFrame | None = (
        None  # device, first_seen, last_seen, packets, bytes, steps of this window
    )
    talks: pl.DataFrame | None = None  # of `TALKS`, rows of the steps that closed with this window
    rhythm: pl.DataFrame | None = None  # of `RHYTHM`
    findings: list[Finding] = field(default_factory=list)
    trusts: list[Trust] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)


TALKS: dict[str, pl.DataType | type[pl.DataType]] = {
    "step": pl.Int64,
    "time": pl.Int64,  # first packet of the row
    "flow": pl.UInt64,
    "is_first": pl.Boolean,
    "device": pl.String,
    "peer": pl.String,  # the other address
    "peer_device": pl.String,  # its device id where it is one of ours, else ""
    "name": pl.String,  # what the device called it: TLS/HTTP name, else the name whose DNS answer gave it, else ""
    "scope": pl.String,  # internet, local, multicast, broadcast
    "initiated": pl.Boolean,  # the device opened it
    "proto": pl.UInt8,
    "port": pl.UInt16,  # the answering side's
    "service": pl.String,
    "state": pl.String,
    "packets_out": pl.Int64,  # out: from the device
    "packets_in": pl.Int64,
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
    "payload_out": pl.Int64,
    "payload_in": pl.Int64,
}
"""One row per flow, step and local device: the handiest table of all."""

RHYTHM: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "hour": pl.Int64,  # µs, start of the hour
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
    "flows": pl.Int64,
    "low": pl.Int64,  # learned range of bytes_out + bytes_in for this hour of day; 0, 0 when not learned yet
    "high": pl.Int64,
    "departed": pl.Boolean,
}
"""One row per device and hour, replaced as the hour grows: the rhythm ribbon."""
