"""What Suricata's rules and Zeek's scripts noticed becomes rows of `alerts`, and whatever is broken costs itself."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs_by_hand import NOON, ends, jsonl, tsv

from cordon.model.tables import HOUR, SECOND, STEP
from cordon.model.window import Window
from cordon.sources import open_source, recognise

Write = Callable[[Path, str, Sequence[dict[str, Any]]], Path]
forms = pytest.mark.parametrize("write", [tsv, lambda path, _, rows: jsonl(path, rows)], ids=["tsv", "json"])


def read(*paths: Path) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    source = open_source(paths, site="site", window=HOUR, secret_key=bytes(32))
    windows = list(source)
    for one in windows:
        Window.checked("site", one.begin, one.end, one.tables)
    names = sorted({name for one in windows for name in one.tables})
    return {name: pl.concat([one.table(name) for one in windows]) for name in names}, source.damaged()


def alert(**more: Any) -> dict[str, Any]:
    """An alert of the camera at .20 with a server on the internet; `told` replaces what the rule says."""
    rule = {"action": "allowed", "gid": 1, "signature_id": 2019284, "rev": 3, "signature": "ET MALWARE Checkin",
            "category": "A Network Trojan was detected", "severity": 1}  # fmt: skip
    return {
        "timestamp": "2023-11-14T22:13:20.250000+0000", "flow_id": 1234, "event_type": "alert",
        "src_ip": "192.168.1.20", "src_port": 40000, "dest_ip": "198.51.100.7", "dest_port": 443, "proto": "TCP",
        "alert": rule | more.pop("told", {}),
    } | more  # fmt: skip


def eve(path: Path, *events: dict[str, Any] | str) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in events) + "\n")
    return path


def test_an_alert_of_suricata_is_a_row_with_both_ends(tmp_path: Path) -> None:
    tables, damaged = read(eve(tmp_path / "eve.json", alert(ether={"src_mac": "00:17:88:01:02:03"}, vlan=[12])))
    (row,) = tables["alerts"].rows(named=True)
    time = 1_700_000_000_250_000
    told = {"time": time, "step": time // STEP * STEP, "segment": "lan.12", "src_mac": "00:17:88:01:02:03",
            "src": "192.168.1.20", "dst": "198.51.100.7", "src_port": 40000, "dst_port": 443, "proto": 6,
            "source": "suricata", "signature": "1:2019284", "text": "ET MALWARE Checkin", "severity": "high",
            "category": "A Network Trojan was detected", "technique": "", "is_blocked": False}  # fmt: skip
    assert row.items() >= told.items()
    assert damaged == {}


def test_an_alert_belongs_to_the_flow_of_its_sensor_and_tells_of_who_sent(tmp_path: Path) -> None:
    dns = {"type": "query", "rrname": "a.example", "rrtype": "A"}
    tables, _ = read(eve(tmp_path / "eve.json", alert(), alert() | {"event_type": "dns", "dns": dns}))
    assert tables["alerts"]["flow"].to_list() == tables["dns"]["flow"].to_list() != [0]
    told = tables["sightings"].select("ip", "field").rows()
    assert ("192.168.1.20", "ip.source") in told and ("198.51.100.7", "ip.source") not in told


@pytest.mark.parametrize(
    ("told", "severity"),
    [
        ({"severity": 1}, "high"),
        ({"severity": 2}, "medium"),
        ({"severity": 3}, "low"),
        ({"severity": 255}, "info"),
        ({"severity": None}, "medium"),
        ({"severity": "bad"}, "info"),
        ({"severity": 3, "metadata": {"signature_severity": ["Critical"]}}, "critical"),
        ({"severity": 1, "metadata": {"signature_severity": ["Odd"]}}, "high"),
    ],
)
def test_severity_is_what_the_rule_says_of_itself(tmp_path: Path, told: dict[str, Any], severity: str) -> None:
    tables, damaged = read(eve(tmp_path / "eve.json", alert(told=told)))
    assert tables["alerts"]["severity"].to_list() == [severity] and damaged == {}


def test_techniques_and_blocking_are_kept_where_they_are_plain(tmp_path: Path) -> None:
    named = {"metadata": {"mitre_technique_id": ["t1059.004"], "affected_product": ["Any"]}, "action": "blocked"}
    odd = {"metadata": {"mitre_technique_id": ["Execution"]}, "signature_id": 9}
    tables, _ = read(eve(tmp_path / "eve.json", alert(told=named), alert(told=odd)))
    rows = tables["alerts"].sort("signature").select("signature", "technique", "is_blocked").rows()
    assert rows == [("1:2019284", "T1059.004", True), ("1:9", "", False)]


def test_what_a_rule_says_is_never_long(tmp_path: Path) -> None:
    tables, _ = read(eve(tmp_path / "eve.json", alert(told={"signature": "x" * 100_000})))
    assert tables["alerts"]["text"].str.len_chars().to_list() == [512]


def test_broken_alerts_cost_themselves(tmp_path: Path) -> None:
    events = (alert(), '{"event_type":"alert","alert":', alert(alert=7), alert(timestamp="never"), alert(alert={}),
              alert(src_ip=None))  # fmt: skip
    tables, damaged = read(eve(tmp_path / "eve.json", *events))
    assert tables["alerts"].height == 1
    assert damaged == {
        "event: broken line (first at eve.json:2)": 2,
        "event: no time (first at eve.json:4)": 1,
    }


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_alert_that_was_cut_or_flipped_breaks_nothing(tmp_path: Path, data: st.DataObject) -> None:
    line = bytearray(json.dumps(alert(told={"metadata": {"signature_severity": ["Major"]}})).encode())
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] = data.draw(st.integers(1, 255).filter(lambda one: one not in {10, 13}))
    path = tmp_path / "eve.json"
    path.write_bytes(json.dumps(alert()).encode() + b"\n" + bytes(line[: data.draw(st.integers(1, len(line)))]))
    tables, _ = read(path)
    assert 1 <= tables["alerts"].height <= 2


def notice(after: float = 0.0, **more: Any) -> dict[str, Any]:
    plain = {"fuid": None, "file_mime_type": None, "file_desc": None, "proto": "tcp", "note": "SSL::Invalid",
             "msg": "not valid", "sub": None, "src": "192.168.1.20", "dst": "198.51.100.7", "p": 443, "n": None,
             "peer_descr": None, "actions": ["Notice::ACTION_LOG"], "suppress_for": 3600.0}  # fmt: skip
    return ends("C1", after) | plain | more


@forms
def test_a_notice_of_zeek_is_a_row(tmp_path: Path, write: Write) -> None:
    tables, damaged = read(write(tmp_path / "notice.log", "notice", [notice(3.0, sub="CN=x")]))
    (row,) = tables["alerts"].rows(named=True)
    told = {"time": int((NOON + 3) * SECOND), "src": "192.168.1.20", "dst": "198.51.100.7", "src_port": 40000,
            "dst_port": 443, "proto": 6, "source": "zeek", "signature": "SSL::Invalid", "text": "not valid (CN=x)",
            "severity": "medium", "is_blocked": False}  # fmt: skip
    assert row.items() >= told.items() and row["flow"] != 0
    assert damaged == {}


@forms
def test_a_notice_without_a_connection_goes_by_whom_it_names(tmp_path: Path, write: Write) -> None:
    nobody = dict.fromkeys(("uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "dst", "p", "proto"))
    scan = notice(note="Scan::Port_Scan", msg="scanned", actions=["Notice::ACTION_LOG", "Notice::ACTION_ALARM"])
    lost = notice(note="CaptureLoss::Too_Much_Loss", src=None)
    tables, damaged = read(write(tmp_path / "notice.log", "notice", [scan | nobody, lost | nobody]))
    rows = tables["alerts"].select("src", "dst", "flow", "severity", "signature").rows()
    assert rows == [("192.168.1.20", "", 0, "high", "Scan::Port_Scan")]
    assert damaged == {}


def test_a_log_of_notices_is_known_by_its_fields(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "whatever.json", [notice(actions=["Notice::ACTION_DROP"])])
    assert recognise([path]).kind == "zeek"
    tables, _ = read(path)
    assert tables["alerts"]["is_blocked"].to_list() == [True]


def test_a_notice_without_a_time_is_damage(tmp_path: Path) -> None:
    tables, damaged = read(tsv(tmp_path / "notice.log", "notice", [notice(), notice(ts="later")]))
    assert tables["alerts"].height == 1
    assert damaged == {"notice log: no time (first at notice.log:9)": 1}
