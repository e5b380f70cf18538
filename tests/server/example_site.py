# ruff: noqa: E501  # one line a fact
"""A small site of hand-made facts, saved as the pipeline would save them: a camera is taken, the rest is as usual."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from cordon.model.baseline import Baseline, Habit, Measure, What
from cordon.model.decision import Change, Decision, Mode
from cordon.model.device import Attribute, Binding, Device, Evidence
from cordon.model.exposure import Exposure, Reach, Standing
from cordon.model.facts import RHYTHM, TALKS, Facts
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.incident import Event, Incident
from cordon.model.tables import HOUR, MINUTE, SECOND, TABLES, plain_row
from cordon.model.trust import Band, Reason, Trust
from cordon.model.window import Window
from cordon.store import Source, Store

SITE = "site"
BEGIN = 1_463_007_600_000_000  # 11 May 2016, 23:00 UTC
NOW = BEGIN + 24 * HOUR - SECOND
HOSTILE = '<img src=x onerror="alert(1)">{{7*7}}'

KINDS = (
    ("lobby-camera", "camera", "Axis Communications", "P3245-LV", 930),
    ("yard-camera", "camera", "Axis Communications", "P3245-LV", 930),
    ("recorder", "nvr", "Synology", "NVR1218", 880),
    ("front-printer", "printer", "HP", "LaserJet M507", 970),
    ("meeting-room-3", "conference", "Poly", "Studio X50", 800),
    ("thermostat-east", "thermostat", "ecobee", "ecobee4", 760),
    ("badge-main-door", "badge-reader", "HID Global", "", 700),
    ("hub-kitchen", "hub", "Philips", "Hue bridge", 990),
    ("plc-pump-1", "plc", "Siemens", "S7-1200", 860),
    ("reception-pc", "workstation", "Dell", "", 640),
    ("files", "nas", "QNAP", "TS-453", 900),
    ("gateway", "router", "AVM", "FRITZ!Box 7590", 990),
    ("", "", "", "", 0),
    (HOSTILE, "", "", "", 0),
)


def device_id(at: int) -> str:
    """The id of the device at that place of `KINDS`."""
    return f"device-{at:012x}"


def _attribute(field: str, value: str, confidence: int) -> Attribute:
    if not value:
        return Attribute()
    seen = (
        Evidence("dhcp.vendor", f"{value} client", value, 820, "dhcp-vendor", BEGIN),
        Evidence("oui", "ac:cc:8e", value, 600, "oui", BEGIN),
    )
    return Attribute(value, confidence, seen, "nvr" if field == "kind" and confidence < 900 else "")


def devices() -> tuple[Device, ...]:
    """All devices."""
    return tuple(
        Device(
            id=device_id(at),
            site=SITE,
            time=BEGIN,
            first_seen=BEGIN + at * MINUTE,
            macs=(f"ac:cc:8e:00:00:{at:02x}",),
            ips=(f"192.168.1.{at + 10}", f"fe80::{at + 10:x}"),
            names=(name,) if name else (),
            vendor=_attribute("vendor", vendor, sure),
            kind=_attribute("kind", kind, sure),
            model=_attribute("model", model, max(0, sure - 100)),
            is_gateway=name == "gateway",
            segment="lan",
        )
        for at, (name, kind, vendor, model, sure) in enumerate(KINDS)
    )


def _talk(at: int, device: int, peer: str, time: int, **values: object) -> dict[str, object]:
    plain: dict[str, object] = {
        name: "" if kind == pl.String else False if kind == pl.Boolean else 0 for name, kind in TALKS.items()
    }
    step = time // (10 * SECOND) * 10 * SECOND
    return plain | {
        "step": step, "time": time, "flow": at, "is_first": True, "device": device_id(device), "peer": peer,
        "initiated": True, "proto": 6, "state": "closed", "packets_out": 12, "packets_in": 14,
    } | values  # fmt: skip


def exposures() -> tuple[Exposure, ...]:
    """Two cameras with the same weakness, one that was repaired, and one of the device with the hostile name."""
    telnet = Exposure(
        "exposure-000000000001", SITE, device_id(0), "telnet-in-use", "", "services", Severity.HIGH, "trial", 50, 10,
        Reach.NETWORK, BEGIN + HOUR, BEGIN + 9 * HOUR, BEGIN + 9 * HOUR, Standing.OPEN,
        "is managed over Telnet (port 23), which hides nothing", measured=(("port", 23),), peers=(device_id(9),),
        rows=Rows("talks", BEGIN, BEGIN + HOUR, (("device", device_id(0)),)),
    )  # fmt: skip
    return (
        telnet,
        replace(telnet, id="exposure-000000000002", device=device_id(1)),
        replace(telnet, id="exposure-000000000003", device=device_id(3), standing=Standing.REPAIRED,
                gone="answers SSH instead", time=BEGIN + 12 * HOUR),
        replace(telnet, id="exposure-000000000004", device=device_id(13), check="no-such-check", says=HOSTILE,
                about=HOSTILE, severity=Severity.LOW, rows=None),
    )  # fmt: skip


def talks() -> pl.DataFrame:
    """A day of talk: the usual, and what the taken camera did."""
    rows = []
    number = 0
    for hour in range(24):
        for at, (_, kind, vendor, _, _) in enumerate(KINDS):
            if not kind or kind == "router":
                continue
            number += 1
            name = f"cloud{at}.{vendor.split()[0].lower()}.com"
            rows.append(
                _talk(number, at, f"203.0.113.{at}", BEGIN + hour * HOUR + at * SECOND, name=name, scope="internet",
                      port=443, service="tls", bytes_out=40_000 * (at + 1), bytes_in=90_000)
            )  # fmt: skip
        for camera in (0, 1):
            number += 1
            rows.append(
                _talk(number, camera, "192.168.1.12", BEGIN + hour * HOUR + 30 * SECOND, peer_device=device_id(2),
                      scope="local", port=554, service="rtsp", bytes_out=60_000_000, bytes_in=900_000)
            )  # fmt: skip
    for target in (1, 3, 7, 8, 10):
        number += 1
        rows.append(
            _talk(number, 0, f"192.168.1.{target + 10}", _taken(14) + target * SECOND, peer_device=device_id(target),
                  scope="local", port=23, service="telnet", state="refused", bytes_out=900, bytes_in=400)
        )  # fmt: skip
    number += 1
    rows.append(
        _talk(number, 0, "198.51.100.66", _taken(30), scope="internet", port=4444, bytes_out=48_000_000, bytes_in=6000)
    )
    return pl.DataFrame(rows, schema=TALKS)


def _taken(minutes: int) -> int:
    return BEGIN + 11 * HOUR + (42 + minutes) * MINUTE


def rhythm() -> pl.DataFrame:
    """24 hours of every device; the camera departs from its range."""
    rows = []
    for at in range(len(KINDS) - 1):
        for hour in range(24):
            usual = (600 + 400 * at) * 1000 * (3 if 7 <= hour <= 18 else 1)
            departed = at == 0 and hour in {11, 12}
            rows.append(
                (device_id(at), BEGIN + hour * HOUR, usual * (9 if departed else 1), usual // 3, 20, usual, usual * 2, departed)
            )  # fmt: skip
    return pl.DataFrame(rows, schema=RHYTHM, orient="row")


def baseline() -> Baseline:
    """What was learned of the camera."""
    return Baseline(
        device_id(0), SITE, BEGIN + HOUR, BEGIN, 30, 830, "camera", 4,
        (
            Habit(What.PLACE, "maker.example", 900, BEGIN, NOW, 2, 3, MINUTE, 970),
            Habit(What.PEER, device_id(1), 800, BEGIN, NOW, 2),
            Habit(What.FINGERPRINT, HOSTILE, 400, kin=2),
        ),
        (Measure("bytes sent", 900, 1000, 1100), Measure("bytes got", 90, 100, 110), Measure("bytes sent", 1, 2, 3, 9)),
    )  # fmt: skip


def findings() -> tuple[Finding, ...]:
    """What was found, oldest first."""
    camera = device_id(0)

    def found(
        number: int, minutes: int, detector: str, family: str, says: str, severity: Severity, **more: object
    ) -> Finding:
        rows = Rows(
            "talks", _taken(minutes - 5), _taken(minutes + 5), (("device", camera), ("port", str(more.pop("port", 23))))
        )
        base = Finding(
            f"finding-{number:012x}", SITE, camera, detector, family, str(more.pop("technique", "T1021")), severity, "sound",
            _taken(minutes - 1), _taken(minutes), says, (("targets", 5),), (), 300, False, rows,
        )  # fmt: skip
        return replace(base, **more)  # type: ignore[arg-type]

    return (
        found(1, 1, "default-credential", "brute-force", "was entered with a maker's default password", Severity.HIGH, technique="T1078"),
        found(2, 15, "telnet-spread", "spread", "opened Telnet to 5 devices", Severity.HIGH, compromise=True,
              peers=tuple(device_id(n) for n in (1, 3, 7, 8, 10))),
        found(3, 30, "exfiltration", "exfiltration", "sent 48 MB to 198.51.100.66, where it never sent anything before",
              Severity.CRITICAL, port=4444, technique="T1041"),
        replace(found(4, 40, "cleartext-credentials", "exposure", "sends a password in clear text", Severity.MEDIUM), device=device_id(3), rows=None),
        replace(found(5, 50, "novel", "change", f"is called {HOSTILE}", Severity.LOW), device=device_id(13), rows=None, detector=HOSTILE),
    )  # fmt: skip


def trusts() -> tuple[Trust, ...]:
    """Scores of all devices, and how the camera's fell."""
    start = Reason("Nothing speaks against it", 900, "start")
    usual = [
        Trust(device_id(at), SITE, BEGIN + HOUR, 900, 100, Band.NORMAL, (start,), at == 5)
        for at in range(len(KINDS) - 1)
    ]
    first = Reason("Was entered with a default password", -300, "finding-000000000001")
    second = Reason("Opened Telnet to 5 devices", -500, "finding-000000000002", NOW + HOUR)
    fell = [
        Trust(device_id(0), SITE, _taken(1), 600, 80, Band.USUAL_ONLY, (start, first), False),
        Trust(device_id(0), SITE, _taken(15), 100, 50, Band.CORDONED, (start, first, second), False, NOW + HOUR),
        Trust(device_id(3), SITE, _taken(40), 640, 80, Band.USUAL_ONLY, (start, Reason("Sends a password in clear text", -260, "finding-000000000004")), False),
    ]  # fmt: skip
    return (*usual, *fell)


def acts() -> tuple[tuple[Decision, ...], tuple[Change, ...]]:
    """What would have been done."""
    decisions = (
        Decision("decision-000000000001", SITE, device_id(0), _taken(1), Band.USUAL_ONLY, Mode.WATCH,
                 "would be held to what it usually does", ("finding-000000000001",)),
        Decision("decision-000000000002", SITE, device_id(0), _taken(15), Band.CORDONED, Mode.WATCH,
                 "would be cut off from everything", ("finding-000000000002",)),
    )  # fmt: skip
    changes = tuple(
        Change(f"change-{n:012x}", SITE, decision.id, "nftables",
               "add element inet cordon cordoned { ac:cc:8e:00:00:00 }", "delete element inet cordon cordoned { ac:cc:8e:00:00:00 }")
        for n, decision in enumerate(decisions, 1)
    )  # fmt: skip
    return decisions, changes


def incident() -> Incident:
    """The one story there is."""
    camera = device_id(0)
    told = [Event(f.noticed, "finding", f.id, f.device, f.says) for f in findings()[:3]]
    told += [Event(d.time, "decision", d.id, d.device, d.says) for d in acts()[0]]
    return Incident(
        "incident-000000000001", SITE, camera, (camera, *(device_id(n) for n in (1, 3, 7, 8, 10))),
        "lobby-camera was taken and tried to spread", 4, _taken(0), _taken(1), _taken(1), 0,
        tuple(sorted(told, key=lambda e: e.time)), ("T1021", "T1041", "T1078"),
    )  # fmt: skip


def fill(folder: Path, demo: bool = False) -> None:
    """Saves the site into a state folder."""
    decisions, changes = acts()
    presence = pl.DataFrame(
        [(device_id(at), BEGIN + at * MINUTE, NOW - at * MINUTE, 40_000 // (at + 1), 90_000_000 // (at + 1), 900) for at in range(len(KINDS))],
        schema={"device": pl.String, "first_seen": pl.Int64, "last_seen": pl.Int64, "packets": pl.Int64, "bytes": pl.Int64, "steps": pl.Int64},
        orient="row",
    )  # fmt: skip
    with Store.open(folder, write=True, demo=demo) as store:
        store.save(
            Facts(
                window=Window(SITE, BEGIN, NOW + SECOND, {"flows": _flows()}),
                devices=devices(),
                exposures=exposures(),
                bindings=tuple(Binding(SITE, "lan", d.macs[0], d.id, d.first_seen) for d in devices()),
                presence=presence,
                talks=talks(),
                rhythm=rhythm(),
                baselines=(baseline(),),
                findings=findings(),
                trusts=trusts(),
                decisions=decisions,
                changes=changes,
                incidents=(incident(),),
            )
        )
        store.save_source(
            Source(
                "source-000000000001",
                "capture",
                "office.pcap",
                "lan",
                BEGIN,
                NOW,
                412_331,
                318_000_000,
                9120,
                NOW,
                {"capture: cut short": 1},
            )
        )


def _flows() -> pl.DataFrame:
    """Both ways of most devices' talk, so that coverage has something to say."""
    rows = []
    for at in range(len(KINDS) - 3):
        rows.append(
            plain_row("flows") | {
                "step": BEGIN, "flow": at + 1, "segment": "lan", "is_first": True, "began": BEGIN, "first": BEGIN, "last": BEGIN + SECOND,
                "src_mac": f"ac:cc:8e:00:00:{at:02x}", "dst_mac": "ac:cc:8e:00:00:0b", "src": f"192.168.1.{at + 10}", "dst": f"203.0.113.{at}",
                "proto": 6, "dst_port": 443, "packets_out": 8, "packets_in": 8, "bytes_out": 9000, "bytes_in": 9000,
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["flows"])
