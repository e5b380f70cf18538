"""What other sensors noticed: a finding with its source, once for each attack, that alone lowers trust only so far."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cordon.config import Config
from cordon.detect import State, step
from cordon.detect.data.alerts import family_of, severity_of
from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.trust import Band
from cordon.pipeline import Pipeline
from cordon.sources import open_source

from .traffic import facts_of, read

SCENARIOS = Path(__file__).parents[2] / "scenarios"
KEY = bytes(32)


@pytest.mark.parametrize(
    ("text", "category", "family"),
    [
        ("ET SCAN Nmap Scripting Engine User-Agent", "Web Application Attack", "scan"),
        ("GPL SNMP public access udp", "Attempted Information Leak", "scan"),
        ("ET MALWARE Mirai Variant Checkin", "A Network Trojan was detected", "command-and-control"),
        ("ET EXPLOIT Realtek SDK (CVE-2021-35394)", "Attempted Administrator Privilege Gain", "exploit"),
        ("ET WEB_SERVER wget in URI", "Potentially Bad Traffic", "exploit"),
        ("ET DOS Possible NTP DDoS", "Attempted Denial of Service", "flood"),
        ("ET SCADA Modbus write from outside", "Misc activity", "ot"),
        ("SURICATA STREAM excessive retransmissions", "Generic Protocol Command Decode", "abuse"),
        ("My own rule", "Something of my own", "abuse"),
        ("", "", "abuse"),
    ],
)
def test_family_of_a_rule_is_told_where_it_is_plain(text: str, category: str, family: str) -> None:
    assert family_of("suricata", "1:1", text, category) == family


@pytest.mark.parametrize(
    ("note", "family", "severity"),
    [
        ("Scan::Address_Scan", "scan", Severity.MEDIUM),
        ("SSH::Password_Guessing", "brute-force", Severity.MEDIUM),
        ("HTTP::SQL_Injection_Attacker", "exploit", Severity.MEDIUM),
        ("Intel::Notice", "command-and-control", Severity.MEDIUM),
        ("TeamCymruMalwareHashRegistry::Match", "download", Severity.MEDIUM),
        ("SSL::Invalid_Server_Cert", "exposure", Severity.MEDIUM),
        ("CaptureLoss::Too_Much_Loss", "abuse", Severity.LOW),
        ("Mine::Something", "abuse", Severity.MEDIUM),
    ],
)
def test_family_of_a_notice_is_told_where_it_is_plain(note: str, family: str, severity: Severity) -> None:
    assert family_of("zeek", note, "any text", "") == family
    assert severity_of("zeek", note, "", "medium") == severity


def test_what_is_merely_odd_is_low_whatever_the_priority_of_its_rule() -> None:
    assert severity_of("suricata", "1:1", "Potential Corporate Privacy Violation", "high") == Severity.LOW
    assert severity_of("suricata", "1:1", "Any", "info") == Severity.LOW
    assert severity_of("suricata", "1:1", "Any", "critical") == Severity.CRITICAL
    assert severity_of("suricata", "1:1", "Any", "no such word") == Severity.MEDIUM


def test_a_finding_names_its_source_and_whom_it_concerns() -> None:
    state, found = State(), []
    for facts in facts_of(read(SCENARIOS / "sensor-alert"), 60):
        state, out = step(state, facts)
        found += [one for one in out.findings if one.detector == "sensor-alert"]
    said = {one.device: one for one in found}
    assert len(found) == 3  # thirty alerts of the camera are one
    camera, recorder, desk = said["camera"], said["recorder"], said["desk"]
    assert camera.says == "was noticed by Suricata towards 203.0.113.66: ET MALWARE Mirai Variant Checkin"
    assert (camera.family, camera.severity, camera.technique) == ("command-and-control", Severity.HIGH, "T1071")
    assert dict(camera.measured)["signature"] == "1:2019284"
    assert recorder.says.startswith("was noticed by Suricata from 198.51.100.9: ")
    assert recorder.says.endswith(", and blocked it") and recorder.family == "exploit"
    assert desk.says.startswith("was noticed by Zeek: ") and desk.family == "brute-force"
    assert {one.level for one in found} == {"trial"}


def eve(path: Path, signatures: int) -> Path:
    """A camera's alerts of so many rules, each ten times within ten minutes."""
    lines = []
    for at in range(10 * signatures):
        rule = {"signature_id": 1 + at % signatures, "signature": f"ET MALWARE Bot {at % signatures}", "severity": 1,
                "category": "A Network Trojan was detected", "gid": 1}  # fmt: skip
        lines.append({"timestamp": f"2026-03-02T10:{at // 60 % 60:02d}:{at % 60:02d}.000000+0000", "flow_id": at,
                      "event_type": "alert", "src_ip": "192.168.1.20", "src_port": 40000, "dest_port": 443,
                      "dest_ip": "198.51.100.7", "proto": "TCP", "alert": rule})  # fmt: skip
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    return path


def facts_read(path: Path) -> list[Facts]:
    source = open_source([path], site="site", window=600_000_000, secret_key=KEY)
    pipeline = Pipeline("site", Config(getting_to_know_hours=1), KEY)
    told = [facts for window in source for facts in pipeline.advance(window)]
    assert not pipeline.health.failures
    return [*told, *pipeline.finish()]


def test_many_alerts_of_many_rules_about_a_device_are_one_incident(tmp_path: Path) -> None:
    facts = facts_read(eve(tmp_path / "eve.json", 10))
    assert len([finding for one in facts for finding in one.findings]) == 10
    assert len({incident.id for one in facts for incident in one.incidents}) == 1


def test_alerts_alone_never_lower_a_device_below_usual_only(tmp_path: Path) -> None:
    trusts = [trust for one in facts_read(eve(tmp_path / "eve.json", 60)) for trust in one.trusts]
    scores = [trust.score for trust in trusts]
    assert min(scores) >= 400 and scores[-1] < 600  # the edges of usual-only
    assert {trust.band for trust in trusts} <= {Band.NORMAL, Band.USUAL_ONLY}


def test_alerts_of_a_window_come_out_the_same_in_any_order() -> None:
    (facts,) = facts_of(read(SCENARIOS / "sensor-alert"), 360)[:1]
    rows = facts.window.table("alerts")
    turned = replace(facts.window, tables={**facts.window.tables, "alerts": rows.reverse()})
    assert step(State(), facts)[1].findings == step(State(), replace(facts, window=turned))[1].findings
