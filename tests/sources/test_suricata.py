"""Suricata's events yield the tables of the contract; what is not read is set aside, what is broken is counted."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordon.model.tables import HOUR, SECOND
from cordon.model.window import Window
from cordon.sources import open_source, recognise

AT = "2023-11-14T22:13:20.250000+0000"
TIME = 1_700_000_000_250_000
NOWHERE = "0.0.0.0"  # noqa: S104  # an address on the wire, nothing is bound


def event(kind: str, **more: Any) -> dict[str, Any]:
    """An event of the camera at .20 with a server on the internet."""
    common = {
        "timestamp": AT,
        "flow_id": 1234,
        "event_type": kind,
        "src_ip": "192.168.1.20",
        "src_port": 40000,
        "dest_ip": "198.51.100.7",
        "dest_port": 443,
        "proto": "TCP",
    }
    return common | more


def flow(**more: Any) -> dict[str, Any]:
    told = {
        "pkts_toserver": 10,
        "pkts_toclient": 8,
        "bytes_toserver": 2000,
        "bytes_toclient": 9000,
        "start": "2023-11-14T22:13:20.250000+0000",
        "end": "2023-11-14T22:13:21.750000+0000",
        "state": "closed",
        "reason": "timeout",
    }
    tcp = {"tcp_flags": "1b", "tcp_flags_ts": "1b", "tcp_flags_tc": "1b", "syn": True, "state": "closed"}
    return event("flow", app_proto="tls", flow=told | more.pop("counts", {}), tcp=tcp | more.pop("tcp", {})) | more


def eve(path: Path, events: Sequence[dict[str, Any] | str]) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in events) + "\n")
    return path


def read(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    source = open_source([path], site="site", window=HOUR, secret_key=bytes(32))
    windows = list(source)
    for one in windows:
        Window.checked("site", one.begin, one.end, one.tables)
    names = sorted({name for one in windows for name in one.tables})
    return {name: pl.concat([one.table(name) for one in windows]) for name in names}, source.damaged()


def told(tables: dict[str, pl.DataFrame]) -> set[tuple[str, str, str, str]]:
    return {(row["mac"], row["ip"], row["field"], row["value"]) for row in tables["sightings"].rows(named=True)}


def test_events_are_recognised_by_content(tmp_path: Path) -> None:
    path = eve(tmp_path / "whatever.json", [flow()])
    assert recognise([path]).kind == "suricata"
    assert recognise([tmp_path]).files == (path,)


def test_a_flow_is_a_flow(tmp_path: Path) -> None:
    tables, damaged = read(
        eve(tmp_path / "eve.json", [flow(vlan=[12], ether={"src_macs": ["00:17:88:01:02:03"], "dest_macs": []})])
    )
    (row,) = tables["flows"].rows(named=True)
    assert (row["began"], row["last"], row["state"], row["end"], row["service"]) == (
        TIME,
        TIME + 1_500_000,
        "closed",
        "closed",
        "tls",
    )
    assert [row[c] for c in ("packets_out", "packets_in", "bytes_out", "bytes_in")] == [10, 8, 2000, 9000]
    assert (row["segment"], row["src_mac"], row["opener_known"], row["flags_out"]) == (
        "lan.12",
        "00:17:88:01:02:03",
        True,
        0x1B,
    )
    assert 0 < row["payload_out"] <= 2000 - 10 * 54
    assert damaged == {}


def test_states_come_from_the_flags(tmp_path: Path) -> None:
    cases = {"02/14": "refused", "02/00": "opening", "1e/1a": "reset", "1a/1a": "open", "18/18": "partial"}
    rows = []
    for at, flags in enumerate(cases):
        ts, tc = flags.split("/")
        rows.append(flow(flow_id=at, tcp={"tcp_flags_ts": ts, "tcp_flags_tc": tc, "state": ""}, src_port=at + 1))
    rows.append(flow(flow_id=99, proto="UDP", src_port=99, tcp={"tcp_flags_ts": None, "tcp_flags_tc": None}))
    tables, _ = read(eve(tmp_path / "eve.json", rows))
    assert tables["flows"].sort("src_port")["state"].to_list() == [*cases.values(), ""]


def test_an_unanswered_syn_carries_no_payload(tmp_path: Path) -> None:
    counts = {"pkts_toserver": 4, "bytes_toserver": 4 * 74, "pkts_toclient": 0, "bytes_toclient": 0}
    tables, _ = read(
        eve(tmp_path / "eve.json", [flow(counts=counts, tcp={"tcp_flags_ts": "02", "tcp_flags_tc": "00"})])
    )
    assert tables["flows"]["payload_out"].to_list() == [0]


def test_all_versions_of_dns_are_read(tmp_path: Path) -> None:
    there, back = (
        {"dest_port": 53, "proto": "UDP"},
        {"src_ip": "198.51.100.7", "src_port": 53, "dest_ip": "192.168.1.20", "dest_port": 40000},
    )
    answers = [
        {"rrname": "a.example", "rrtype": "A", "ttl": 60, "rdata": "203.0.113.1"},
        {"rrname": "a.example", "rrtype": "CNAME", "ttl": 30, "rdata": "b.example"},
    ]
    events = [
        event(
            "dns",
            flow_id=1,
            dns={
                "type": "answer",
                "rrname": "One.example",
                "rrtype": "A",
                "rcode": "NOERROR",
                "ttl": 9,
                "rdata": "203.0.113.9",
            },
        )
        | back,
        event("dns", flow_id=2, dns={"version": 2, "type": "query", "rrname": "two.example", "rrtype": "AAAA"}) | there,
        event(
            "dns",
            flow_id=3,
            dns={
                "version": 2,
                "type": "answer",
                "rrname": "two.example",
                "rrtype": "A",
                "rcode": "NOERROR",
                "answers": answers,
                "grouped": {"A": ["x"]},
            },
        )
        | there,
        event(
            "dns",
            flow_id=4,
            dns={"version": 3, "type": "request", "queries": [{"rrname": "three.example", "rrtype": "A"}]},
        )
        | there,
        event(
            "dns",
            flow_id=5,
            dns={
                "version": 3,
                "type": "response",
                "rcode": "NXDOMAIN",
                "queries": [{"rrname": "three.example", "rrtype": "A"}],
            },
        )
        | there,
    ]
    tables, damaged = read(eve(tmp_path / "eve.json", events))
    rows = {(row["name"], row["is_response"]): row for row in tables["dns"].rows(named=True)}
    assert damaged == {}
    assert len(rows) == 5
    assert {row["client"] for row in rows.values()} == {"192.168.1.20"}
    assert (rows["one.example", True]["answers"], rows["one.example", True]["ttl"]) == (["203.0.113.9"], 9)
    assert (rows["two.example", True]["answers"], rows["two.example", True]["ttl"]) == (
        ["203.0.113.1", "b.example"],
        30,
    )
    assert rows["three.example", True]["rcode"] == "NXDOMAIN"
    assert ("", "192.168.1.20", "dns.query", "three.example") in told(tables)


def test_tls_names_its_flow_and_tells_both_sides(tmp_path: Path) -> None:
    ja4, ja3 = "t12d1516h2_8daaf6152771_02713d6af862", "0" * 32
    tls = event(
        "tls",
        tls={
            "sni": "Cloud.example",
            "version": "TLS 1.2",
            "ja4": ja4,
            "ja3": {"hash": ja3},
            "client_alpns": ["h2"],
            "server_alpns": ["http/1.1"],
            "subject": "C=US, O=Cam, Inc., CN=cloud.example",
            "issuerdn": "CN=Maker CA",
            "notbefore": "2020-01-01T00:00:00",
            "notafter": "9999-12-31T23:59:59",
        },
    )
    tables, _ = read(eve(tmp_path / "eve.json", [tls, flow()]))
    asked, answered = tables["tls"].sort("is_response").rows(named=True)
    assert (asked["sni"], asked["ja4"], asked["ja3"], asked["version"], asked["alpn"]) == (
        "cloud.example",
        ja4,
        ja3,
        "TLS1.2",
        "h2",
    )
    assert (answered["sni"], answered["ja4"], answered["version"], answered["alpn"]) == (
        "cloud.example",
        "",
        "TLS1.2",
        "http/1.1",
    )
    assert (answered["subject"], answered["issuer"], answered["self_signed"]) == (
        "CN=cloud.example,O=Cam\\, Inc.,C=US",
        "CN=Maker CA",
        False,
    )
    assert (answered["not_before"], answered["not_after"]) == (1_577_836_800_000_000, 253_402_300_799_000_000)
    assert (tables["flows"]["name"].item(), tables["flows"]["ja4"].item()) == ("cloud.example", ja4)
    assert ("", "192.168.1.20", "tls.ja3", ja3) in told(tables)


def test_a_local_server_is_sighted_by_its_certificate(tmp_path: Path) -> None:
    tls = event("tls", dest_ip="192.168.1.30", tls={"version": "TLS 1.2", "subject": "CN=cam", "issuerdn": "CN=cam"})
    tables, _ = read(eve(tmp_path / "eve.json", [tls]))
    assert tables["tls"]["self_signed"].to_list() == [False, True]
    shown = {("", "192.168.1.30", field, "CN=cam") for field in ("tls.subject", "tls.issuer")}
    assert shown <= told(tables)


def test_a_connection_refused_before_a_choice_has_no_answer(tmp_path: Path) -> None:
    tables, _ = read(eve(tmp_path / "eve.json", [event("tls", tls={"sni": "a.example", "version": "UNDETERMINED"})]))
    assert tables["tls"]["is_response"].to_list() == [False]


def test_quic_names_its_flow(tmp_path: Path) -> None:
    hello = {"version": "v1", "sni": "Video.example", "ja4": "q13d0310h3_55b375c5d22e_cd85d2d88918"}
    events = [event("quic", quic=hello), event("quic", quic={"version": "Q046", "sni": "b.example"}, flow_id=9)]
    tables, _ = read(eve(tmp_path / "eve.json", [*events, event("quic", quic={"version": "1"}), flow()]))
    assert tables["quic"].sort("sni").select("sni", "version", "port").rows() == [
        ("b.example", "0x51303436", 443),
        ("video.example", "1", 443),
    ]
    assert tables["flows"]["name"].item() == "video.example"
    assert ("", "192.168.1.20", "tls.sni", "video.example") in told(tables)


def test_http_ssh_ftp_and_mqtt_are_read(tmp_path: Path) -> None:
    events = [
        event(
            "http",
            http={
                "hostname": "fw.example",
                "url": "/x?k=1",
                "http_user_agent": "curl",
                "http_method": "GET",
                "status": 404,
                "http_content_type": "text/html; charset=x",
            },
        ),
        event(
            "ssh",
            ssh={
                "client": {"proto_version": "2.0", "software_version": "dropbear_2019.78", "hassh": {"hash": "ab"}},
                "server": {},
            },
        ),
        event(
            "ftp", flow_id=7, dest_port=21, ftp={"command": "USER", "command_data": "bob", "completion_code": ["331"]}
        ),
        event(
            "ftp",
            flow_id=7,
            dest_port=21,
            ftp={"command": "PASS", "command_data": "hunter2", "completion_code": ["530"]},
        ),
        event(
            "mqtt",
            dest_port=1883,
            mqtt={
                "connect": {"protocol_version": 4, "client_id": "pump-1", "username": "u", "flags": {"password": True}}
            },
        ),
        event("mqtt", mqtt={"publish": {"topic": "a", "message": "on", "qos": 1, "retain": True}}),
        event("mqtt", mqtt={"subscribe": {"topics": [{"topic": "b/#", "qos": 2}, {"topic": "c"}]}}),
        event("mqtt", mqtt={"unsubscribe": {"topics": ["c"]}}),
        event("mqtt", mqtt={"connack": {"return_code": 5}}),
        event("alert", alert={"signature": "x"}),
    ]
    tables, damaged = read(eve(tmp_path / "eve.json", events))
    assert damaged == {}
    asked, answered = tables["http"].rows(named=True)
    assert (asked["host"], asked["path"], answered["status"], answered["content_type"]) == (
        "fw.example",
        "/x",
        404,
        "text/html",
    )
    (login,) = tables["logins"].rows(named=True)
    assert (login["user"], login["outcome"], login["clear"]) == ("bob", "failure", True)
    assert "hunter2" not in str(tables)
    said = tables["mqtt"].select("message", "topic", "qos", "size", "retain", "result").sort("message", "topic").rows()
    assert said == [
        ("connack", "", 0, 0, False, "not-authorised"),
        ("connect", "", 0, 0, False, ""),
        ("publish", "a", 1, 2, True, ""),
        ("subscribe", "b/#", 2, 0, False, ""),
        ("subscribe", "c", 0, 0, False, ""),
        ("unsubscribe", "c", 0, 0, False, ""),
    ]
    (mqtt,) = tables["mqtt"].filter(pl.col("message") == "connect").rows(named=True)
    assert (mqtt["client_id"], mqtt["user"], mqtt["has_password"], mqtt["level"]) == ("pump-1", "u", True, 4)
    assert ("", "192.168.1.20", "ssh.banner", "SSH-2.0-dropbear_2019.78") in told(tables)
    assert ("", "192.168.1.20", "ssh.hassh", "client:ab") in told(tables)


def test_files_are_told_with_their_way_and_whether_they_are_whole(tmp_path: Path) -> None:
    def file(name: str, state: str = "CLOSED") -> dict[str, Any]:
        return {"filename": name, "gaps": False, "state": state, "size": 9, "sha256": "AB" * 32}

    camera, far = "192.168.1.20", "198.51.100.7"
    back = {"src_ip": far, "src_port": 80, "dest_ip": camera, "dest_port": 40000}
    stored = {"filename": "c", "command": "STOR"}
    events = [
        event("fileinfo", app_proto="http", fileinfo=file("/pub/a?x=1"), **back),
        event("fileinfo", app_proto="http", dest_port=80, fileinfo=file("/b", "TRUNCATED")),
        event("fileinfo", app_proto="ftp-data", src_port=20, dest_port=50000, fileinfo=file("c"), ftp_data=stored),
    ]
    tables, damaged = read(eve(tmp_path / "eve.json", events))
    assert damaged == {}
    columns = ("name", "client", "server", "port", "is_upload", "service", "is_whole", "sha256")
    assert sorted(tables["files"].select(columns).rows()) == [
        ("a", camera, far, 80, False, "http", True, "ab" * 32),
        ("b", camera, far, 80, True, "http", False, ""),
        ("c", camera, far, 50000, True, "ftp", True, "ab" * 32),
    ]


def test_dhcp_and_arp_tell_whose_an_address_is(tmp_path: Path) -> None:
    mine, other = "00:17:88:01:02:03", "00:11:32:aa:bb:cc"
    request = {
        "type": "request",
        "dhcp_type": "request",
        "client_mac": mine,
        "requested_ip": "192.168.1.20",
        "hostname": "hue",
        "assigned_ip": NOWHERE,
    }
    ack = {
        "type": "reply",
        "dhcp_type": "ack",
        "client_mac": mine,
        "assigned_ip": "192.168.1.20",
        "routers": ["192.168.1.1"],
        "dns_servers": ["192.168.1.2"],
    }
    events = [
        event("dhcp", dhcp=request, src_ip=NOWHERE, dest_ip="255.255.255.255"),
        event("dhcp", dhcp=ack, src_ip="192.168.1.1", dest_ip="192.168.1.20"),
        {
            "timestamp": AT,
            "event_type": "arp",
            "arp": {
                "opcode": "reply",
                "src_mac": other,
                "src_ip": "192.168.1.9",
                "dest_mac": mine,
                "dest_ip": "192.168.1.20",
            },
        },
        flow(),
    ]
    tables, damaged = read(eve(tmp_path / "eve.json", events))
    assert damaged == {}
    assert tables["dhcp"].sort("message")["message"].to_list() == ["ack", "request"]
    assert tables["dhcp"].filter(pl.col("message") == "ack").select("ip", "router", "dns", "server").row(0) == (
        "192.168.1.20",
        "192.168.1.1",
        "192.168.1.2",
        "192.168.1.1",
    )
    assert tables["arp"].select("mac", "operation", "sender_ip").row(0) == (other, "reply", "192.168.1.9")
    assert {
        (mine, "192.168.1.20", "ip", "dhcp"),
        (other, "192.168.1.9", "ip", "arp"),
        (mine, "", "dhcp.hostname", "hue"),
    } <= {(mac, "" if field == "dhcp.hostname" else ip, field, value) for mac, ip, field, value in told(tables)}
    assert tables["flows"]["src_mac"].to_list() == [mine]


def test_broken_events_are_counted_and_the_rest_goes_on(tmp_path: Path) -> None:
    events = [
        flow(),
        "{",
        '{"event_type": "flow", "timestamp": "then"}',
        '{"event_type":"flow","flow":[1,2]}',
        flow(flow_id=2),
    ]
    tables, damaged = read(eve(tmp_path / "eve.json", events))
    assert tables["flows"].height == 2
    assert sum(damaged.values()) == 3
    assert "event: broken line (first at eve.json:2)" in damaged


SCRAPS = [
    "{}",
    "null",
    "[]",
    '{"event_type":"flow"}',
    '{"event_type":"dns","dns":null}',
    '{"event_type":"mqtt","mqtt":{"connect":null}}',
    json.dumps(event("dns", dns={"answers": [None, {}]})),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.text(max_size=50), st.sampled_from(SCRAPS)), max_size=10))
def test_garbage_never_raises(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "eve.json"
    path.write_text("\n".join([json.dumps(flow()), *lines]), encoding="utf-8", errors="replace")
    read(path)


def test_the_same_events_in_another_order_are_the_same_tables(tmp_path: Path) -> None:
    events = [flow(flow_id=at, src_port=at, timestamp=f"2023-11-14T22:13:{at + 10}.000000+0000") for at in range(20)]
    one, _ = read(eve(tmp_path / "a.json", events))
    two, _ = read(eve(tmp_path / "b.json", events[::-1]))
    assert all(one[name].equals(two[name]) for name in one)
    assert one["flows"]["first"].min() < TIME + SECOND
