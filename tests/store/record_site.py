"""A small site to keep: three devices, one of which was taken."""

from pathlib import Path

import polars as pl

from cordon.model.decision import Change, Decision, Mode
from cordon.model.device import Attribute, Binding, Device, Evidence
from cordon.model.facts import RHYTHM, TALKS, Facts
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.incident import Event, Incident
from cordon.model.tables import DAY, FLOWS, HOUR, SECOND, STEP, Schema, nothing
from cordon.model.trust import Band, Reason, Trust
from cordon.model.window import Window
from cordon.store import Source, Store

NOON = 19_000 * DAY + 12 * HOUR
CAMERA, PRINTER, ROUTER = "device-00000000000a", "device-00000000000b", "device-00000000000c"
SAID = (Evidence("oui", "02:00:00", "Axis", 900, "oui", NOON),)

DEVICES = (
    Device(
        CAMERA, "site", NOON, NOON, ("02:00:00:00:00:0a",), ("10.0.0.9", "fe80::a"), ("Lobby-Camera",),
        vendor=Attribute("Axis", 900, SAID), kind=Attribute("camera", 950, SAID), segment="lan",
    ),
    Device(
        PRINTER, "site", NOON, NOON, ("02:00:00:00:00:0b",), ("10.0.0.10",), ("printer",),
        kind=Attribute("printer", 700, SAID), segment="lan",
    ),
    Device(ROUTER, "site", NOON, NOON, ("02:00:00:00:00:0c",), ("10.0.0.1",), (), is_gateway=True, segment="lan.7"),
)  # fmt: skip

FINDING = Finding(
    id="finding-00000000000a", site="site", device=CAMERA, detector="telnet-spread", family="spread",
    technique="T1021", severity=Severity.HIGH, level="proven", began=NOON, noticed=NOON + STEP,
    says="opened Telnet to 12 hosts", measured=(("peers", 12),), weight=400, compromise=True,
    rows=Rows("flows", NOON, NOON + STEP, (("src", "10.0.0.9"), ("dst_port", "23"))),
)  # fmt: skip
TRUSTS = (
    Trust(CAMERA, "site", NOON, 700, 300, Band.NORMAL, (Reason("start", 700, "start"),), True),
    Trust(
        CAMERA, "site", NOON + STEP, 100, 300, Band.CORDONED,
        (Reason("start", 700, "start"), Reason("opened Telnet to 12 hosts", -600, FINDING.id)), False,
    ),
    Trust(PRINTER, "site", NOON, 750, 250, Band.NORMAL, (Reason("start", 750, "start"),), True),
)  # fmt: skip
DECISION = Decision(
    "decision-1", "site", CAMERA, NOON + STEP, Band.CORDONED, Mode.WATCH, "Would be cut off", (FINDING.id,)
)
CHANGE = Change("change-1", "site", "decision-1", "nftables", "add element", "delete element")
INCIDENT = Incident(
    "incident-1", "site", CAMERA, (CAMERA,), "Lobby-Camera was taken", int(Severity.HIGH), NOON, NOON + STEP, 0, 0,
    (Event(NOON, "finding", FINDING.id, CAMERA, FINDING.says),),
)  # fmt: skip
SOURCE = Source("source-1", "capture", "office.pcap", "lan", NOON, NOON + STEP, 30, 4000, 3, NOON, {"ipv4: cut": 2})


def frame(schema: Schema, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a traffic table; columns left out are "" or 0."""
    full = [{name: row.get(name, nothing(kind)) for name, kind in schema.items()} for row in rows]
    return pl.DataFrame(full, schema=schema)


def flow(time: int, **said: object) -> dict[str, object]:
    """A flow of the camera to the printer's Telnet port."""
    usual = {"src": "10.0.0.9", "dst": "10.0.0.10", "dst_port": 23, "proto": 6, "segment": "lan", "packets_out": 2}
    return {"step": time // STEP * STEP, "flow": time, "first": time, "last": time, "bytes_out": 120} | usual | said


def window(*flows: dict[str, object], begin: int = NOON) -> Window:
    """A window of one step with these flows."""
    return Window.checked("site", begin, begin + STEP, {"flows": frame(FLOWS, *flows)})


def presence(*rows: tuple[str, int, int]) -> pl.DataFrame:
    """Presence of devices: id, last seen, packets."""
    return pl.DataFrame(
        [
            {"device": d, "first_seen": NOON, "last_seen": t, "packets": p, "bytes": p * 100, "steps": 1}
            for d, t, p in rows
        ]
    )


def talk(device: str, scope: str, out: int, into: int) -> dict[str, object]:
    """One row of talks."""
    return {
        "step": NOON, "time": NOON, "flow": 1, "is_first": True, "device": device, "peer": "10.0.0.10", "scope": scope,
        "initiated": True, "proto": 6, "port": 23, "state": "open", "packets_out": out, "packets_in": into,
    }  # fmt: skip


def facts() -> Facts:
    """What the first step of the site yielded."""
    rhythm = [{"device": CAMERA, "hour": NOON, "bytes_out": 500, "bytes_in": 5, "flows": 3, "low": 1, "high": 9}]
    return Facts(
        window(flow(NOON + 1), flow(NOON + SECOND, dst_port=80)),
        devices=DEVICES,
        bindings=(Binding("site", "lan", "02:00:00:00:00:0a", CAMERA, NOON),),
        presence=presence((CAMERA, NOON + 5, 20), (PRINTER, NOON + 9, 10), (ROUTER, NOON + 1, 1)),
        talks=frame(
            TALKS, talk(CAMERA, "local", 5, 4), talk(PRINTER, "internet", 3, 0), talk(ROUTER, "broadcast", 2, 0)
        ),
        rhythm=frame(RHYTHM, *rhythm),
        findings=(FINDING,),
        trusts=TRUSTS,
        decisions=(DECISION,),
        changes=(CHANGE,),
        incidents=(INCIDENT,),
    )


def made(folder: Path) -> Path:
    """A state folder that holds the site."""
    with Store.open(folder, write=True) as store:
        store.save(facts())
        store.save_source(SOURCE)
    return folder
