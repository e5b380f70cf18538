"""All that one step of the pipeline yields: the bundle that stages hand on."""

from dataclasses import dataclass

import polars as pl

from cordon.model.baseline import Baseline
from cordon.model.decision import Change, Decision, Profile
from cordon.model.device import Binding, Device, DeviceEvent
from cordon.model.edit import Edit
from cordon.model.exposure import Acceptance, Exposure
from cordon.model.finding import Finding
from cordon.model.incident import Incident
from cordon.model.trust import Trust
from cordon.model.verdict import Verdict
from cordon.model.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """New or changed facts of one window, each in canonical order (by time, then id).

    A stage reads what earlier stages put here and hands on a copy with its own added (`dataclasses.replace`).
    The window is always whole steps; how many must not matter to anybody.
    """

    window: Window
    edits: tuple[Edit, ...] = ()  # what people said since the step before
    acceptances: tuple[Acceptance, ...] = ()  # likewise, of exposures
    verdicts: tuple[Verdict, ...] = ()  # likewise, of findings
    devices: tuple[Device, ...] = ()
    bindings: tuple[Binding, ...] = ()
    events: tuple[DeviceEvent, ...] = ()  # what became of devices
    presence: pl.DataFrame | None = None  # device, first_seen, last_seen, packets, bytes, steps of this window
    talks: pl.DataFrame | None = None  # of `TALKS`, rows of the steps that closed with this window
    rhythm: pl.DataFrame | None = None  # of `RHYTHM`
    baselines: tuple[Baseline, ...] = ()
    findings: tuple[Finding, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    trusts: tuple[Trust, ...] = ()
    profiles: tuple[Profile, ...] = ()
    decisions: tuple[Decision, ...] = ()
    changes: tuple[Change, ...] = ()
    incidents: tuple[Incident, ...] = ()


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
