"""Zeek's logs yield the tables of the contract; a broken line costs itself and nothing else."""

import gzip
import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs_by_hand import NOON, conn, ends, jsonl, tsv

from cordon.devices import State, step
from cordon.model.facts import Facts
from cordon.model.tables import HOUR, SECOND, STEP
from cordon.model.window import Window
from cordon.sources import FileSource, SourceError, open_source, recognise

SHARED = Path(os.environ.get("CORDON_SHARED", Path(__file__).parents[2] / ".." / "shared"))
Write = Callable[[Path, str, Sequence[dict[str, Any]]], Path]
FORMS = [tsv, lambda path, _, rows: jsonl(path, rows), lambda path, kind, rows: tsv(path, kind, rows, "|", ";")]
forms = pytest.mark.parametrize("write", FORMS, ids=["tsv", "json", "other-separators"])


def source(*paths: Path, window: int = HOUR) -> FileSource:
    return open_source(paths, site="site", window=window, secret_key=bytes(range(32)))


def table(read: FileSource, name: str) -> pl.DataFrame:
    windows = list(read)
    for one in windows:
        Window.checked("site", one.begin, one.end, one.tables)
    return pl.concat([one.table(name) for one in windows])


@forms
def test_a_connection_is_one_flow_with_its_times_and_sums(tmp_path: Path, write: Write) -> None:
    flows = table(source(write(tmp_path / "conn.log", "conn", [conn("C1", 3.0, seconds=1.5)])), "flows")
    (row,) = flows.rows(named=True)
    began = int((NOON + 3) * SECOND)
    assert (row["began"], row["first"], row["last"]) == (began, began, began + 1_500_000)
    assert (row["src"], row["dst"], row["src_port"], row["dst_port"], row["proto"]) == (
        "192.168.1.20",
        "198.51.100.7",
        40000,
        443,
        6,
    )
    counters = ("packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in")
    assert [row[c] for c in counters] == [5, 4, 400, 500, 100, 200]
    assert (row["is_first"], row["is_last"], row["state"], row["end"], row["opener_known"]) == (
        True,
        True,
        "closed",
        "closed",
        True,
    )
    assert row["step"] == began // STEP * STEP


@pytest.mark.parametrize(
    ("state", "history", "ours", "end", "known"),
    [
        ("S0", "S", "opening", "idle", True),
        ("REJ", "Sr", "refused", "reset", True),
        ("SF", "ShADadFf", "closed", "closed", True),
        ("S1", "ShADad", "open", "idle", True),
        ("RSTO", "ShADaR", "reset", "reset", True),
        ("RSTR", "ShADar", "reset", "reset", True),
        ("RSTOS0", "SR", "opening", "reset", True),
        ("SHR", "^hf", "partial", "closed", False),
        ("OTH", "DadA", "partial", "idle", False),
    ],
)
def test_states_of_connections_are_ours(
    tmp_path: Path, state: str, history: str, ours: str, end: str, known: bool
) -> None:
    rows = [conn("C1", state=state, history=history)]
    (row,) = table(source(tsv(tmp_path / "conn.log", "conn", rows)), "flows").rows(named=True)
    assert (row["state"], row["end"], row["opener_known"]) == (ours, end, known)


def test_a_long_flow_is_spread_over_its_time_and_its_sums_stay_exact(tmp_path: Path) -> None:
    rows = [conn("C1", seconds=299.5, orig_pkts=1_305_034, orig_ip_bytes=1_781_371_411, resp_pkts=7, resp_ip_bytes=701)]
    flows = table(source(tsv(tmp_path / "conn.log", "conn", rows)), "flows")
    assert flows["packets_out"].sum() == 1_305_034
    assert flows["bytes_out"].sum() == 1_781_371_411
    assert (flows["packets_in"].sum(), flows["bytes_in"].sum()) == (7, 701)
    assert flows["step"].n_unique() == flows.height == 30
    assert flows["packets_out"].slice(1, 28).max() < 1.01 * flows["packets_out"].slice(1, 28).min()
    assert flows["is_first"].to_list() == [True] + [False] * 29
    assert flows["is_last"].to_list() == [False] * 29 + [True]
    assert flows["state"].unique().sort().to_list() == ["closed", "open"]
    assert all(left <= right for left, right in pairwise(flows["last"]))
    assert flows["first"].min() == flows["began"].max()


def test_a_connection_that_idles_for_a_day_is_few_rows(tmp_path: Path) -> None:
    flows = table(source(tsv(tmp_path / "conn.log", "conn", [conn("C1", seconds=86_400)])), "flows")
    assert flows.height == 1
    assert flows["step"].item() == flows["last"].item() // STEP * STEP
    assert flows["began"].item() == int(NOON * SECOND)


@forms
def test_dns_rows_are_a_question_and_its_answer(tmp_path: Path, write: Write) -> None:
    asked = {
        "rtt": 0.25,
        "query": "Time.Example.org",
        "qtype_name": "A",
        "rcode_name": "NOERROR",
        "answers": ["198.51.100.7", "alias.example.org"],
        "TTLs": [300.0, 60.0],
    }
    unanswered = {
        "query": "b.example",
        "qtype_name": "A",
        "rcode_name": None,
        "answers": None,
        "TTLs": None,
        "rtt": None,
    }
    mdns = ends("D3", 2, server="224.0.0.251", port=5353) | unanswered | {"query": "_ipp._tcp.local"}
    rows = [ends("D1", port=53) | asked, ends("D2", 1, port=53) | unanswered, mdns]
    read = source(write(tmp_path / "dns.log", "dns", rows))
    windows = list(read)
    dns = pl.concat([one.table("dns") for one in windows])
    assert dns["is_response"].to_list() == [False, True, False, False]
    question, answer = dns.rows(named=True)[:2]
    assert (question["name"], question["rcode"], question["answers"]) == ("time.example.org", "", [])
    assert (answer["rcode"], answer["answers"], answer["ttl"]) == ("NOERROR", ["198.51.100.7", "alias.example.org"], 60)
    assert answer["time"] - question["time"] == 250_000
    assert dns["transport"].to_list()[-1] == "mdns"
    seen = pl.concat([one.table("sightings") for one in windows])
    assert set(seen.filter(pl.col("field") == "dns.query")["value"]) == {"time.example.org", "b.example"}


@forms
def test_a_flow_is_named_by_its_tls_or_http_log(tmp_path: Path, write: Write) -> None:
    ja4 = "t13d1516h2_8daaf6152771_02713d6af862"
    ssl = ends("C1", 0.1) | {
        "version": "TLSv12",
        "server_name": "cloud.example",
        "next_protocol": "h2",
        "ja4": ja4,
        "established": True,
    }
    http = ends("C2", 1.1, port=80) | {
        "trans_depth": 1,
        "method": "GET",
        "host": "fw.example:80",
        "uri": "/a?key=1",
        "user_agent": "curl/8",
        "status_code": 200,
        "resp_mime_types": ["text/html"],
        "username": "admin",
        "password": "admin",
    }
    write(tmp_path / "conn.log", "conn", [conn("C1"), conn("C2", 1, port=80)])
    write(tmp_path / "ssl.log", "ssl", [ssl])
    write(tmp_path / "http.log", "http", [http])
    windows = list(source(tmp_path))
    flows = pl.concat([one.table("flows") for one in windows])
    assert flows["name"].to_list() == ["cloud.example", "fw.example"]
    assert flows["ja4"].to_list() == [ja4, ""]
    asked, answered = windows[0].table("tls").sort("is_response").rows(named=True)
    assert (asked["sni"], asked["version"], asked["alpn"], asked["flow"]) == (
        "cloud.example",
        "TLS1.3",
        "",
        flows["flow"][0],
    )
    assert (answered["sni"], answered["version"], answered["alpn"]) == ("cloud.example", "TLS1.2", "h2")
    asked, answered = windows[0].table("http").rows(named=True)
    assert (asked["method"], asked["path"], asked["agent"], asked["is_response"]) == ("GET", "/a", "curl/8", False)
    assert (answered["status"], answered["content_type"], answered["is_response"]) == (200, "text/html", True)
    (login,) = windows[0].table("logins").rows(named=True)
    assert (login["user"], login["outcome"], login["clear"], len(login["secret"])) == ("admin", "success", True, 32)


@forms
def test_a_certificate_is_told_with_the_connection_that_showed_it(tmp_path: Path, write: Write) -> None:
    print_ = "ab" * 32
    ssl = ends("C1", 0.1) | {
        "version": "TLSv12",
        "cipher": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ja3": "cd" * 16,
        "established": True,
        "cert_chain_fps": [print_, "ee" * 32],
    }
    x509 = {
        "ts": NOON,
        "fingerprint": print_,
        "certificate.subject": "CN=cam",
        "certificate.issuer": "CN=Maker CA",
        "certificate.not_valid_before": 1_577_836_800.0,
        "certificate.not_valid_after": 4_733_510_400.0,
        "certificate.sig_alg": "sha1WithRSAEncryption",
        "certificate.key_type": "rsa",
        "certificate.key_length": 1024,
    }
    write(tmp_path / "ssl.log", "ssl", [ssl])
    write(tmp_path / "x509.log", "x509", [x509])
    tls = table(source(tmp_path), "tls")
    (answered,) = tls.filter("is_response").rows(named=True)
    assert (answered["cipher"], answered["certificate"]) == ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", print_)
    assert (answered["subject"], answered["issuer"], answered["self_signed"]) == ("CN=cam", "CN=Maker CA", False)
    assert (answered["not_before"], answered["not_after"]) == (1_577_836_800_000_000, 4_733_510_400_000_000)
    assert (answered["key_type"], answered["key_bits"], answered["signature"]) == ("rsa", 1024, "sha1-rsa")
    (asked,) = tls.filter(~pl.col("is_response")).rows(named=True)
    assert (asked["ja3"], asked["subject"], asked["certificate"]) == ("cd" * 16, "", "")


@forms
def test_quic_is_told(tmp_path: Path, write: Write) -> None:
    quic = ends("C1", 0.1) | {"version": "quicv2", "server_name": "Video.example", "client_protocol": "h3"}
    quic["client_initial_dcid"] = "00"
    write(tmp_path / "quic.log", "quic", [quic])
    write(tmp_path / "conn.log", "conn", [conn("C1")])
    rows = table(source(tmp_path), "quic")
    assert rows.select("version", "sni", "alpn", "port").rows() == [("2", "video.example", "h3", 443)]
    assert table(source(tmp_path), "flows")["name"].to_list() == ["video.example"]


@forms
def test_tries_to_sign_in_are_counted(tmp_path: Path, write: Write) -> None:
    write(
        tmp_path / "ssh.log",
        "ssh",
        [
            ends("S1", port=22)
            | {"auth_success": True, "auth_attempts": 3, "client": "SSH-2.0-x", "server": "SSH-2.0-y"},
            ends("S2", 5, port=22) | {"auth_success": None, "auth_attempts": 0, "client": "SSH-2.0-x", "server": None},
        ],
    )
    write(
        tmp_path / "ftp.log",
        "ftp",
        [
            ends("F1", 8, port=21) | {"user": "bob", "password": "<hidden>", "command": "RETR", "reply_code": 226},
            ends("F1", 9, port=21) | {"user": "bob", "password": "<hidden>", "command": "RETR", "reply_code": 550},
        ],
    )
    windows = list(source(tmp_path))
    logins = pl.concat([one.table("logins") for one in windows])
    assert logins["outcome"].to_list() == ["failure", "failure", "success", "", "success"]
    assert logins["service"].to_list() == ["ssh"] * 4 + ["ftp"]
    assert logins["clear"].to_list() == [False] * 4 + [True]
    seen = pl.concat([one.table("sightings") for one in windows])
    assert set(seen.filter(pl.col("field") == "ssh.banner")["value"]) == {"SSH-2.0-x"}


@forms
def test_leases_give_flows_their_mac_address(tmp_path: Path, write: Write) -> None:
    lease = {
        "ts": NOON + 600,
        "uids": ["D1"],
        "client_addr": "192.168.1.20",
        "server_addr": "192.168.1.1",
        "mac": "00:17:88:01:02:03",
        "host_name": "hue-bridge",
        "assigned_addr": "192.168.1.20",
        "requested_addr": None,
        "msg_types": ["DISCOVER", "OFFER", "REQUEST", "ACK"],
    }
    write(tmp_path / "conn.log", "conn", [conn("C1"), conn("C2", 4000, client="192.168.1.30")])
    write(tmp_path / "dhcp.log", "dhcp", [lease])
    windows = list(source(tmp_path))
    flows = pl.concat([one.table("flows") for one in windows])
    assert flows["src_mac"].to_list() == ["00:17:88:01:02:03", ""]
    assert flows["dst_mac"].to_list() == ["", ""]
    dhcp = pl.concat([one.table("dhcp") for one in windows])
    assert dhcp["message"].sort().to_list() == ["ack", "discover", "offer", "request"]
    seen = pl.concat([one.table("sightings") for one in windows])
    told = {(row["mac"], row["ip"], row["field"], row["value"]) for row in seen.rows(named=True)}
    assert ("00:17:88:01:02:03", "192.168.1.20", "dhcp.hostname", "hue-bridge") in told
    assert ("00:17:88:01:02:03", "192.168.1.20", "ip.source", "") in told
    assert ("", "192.168.1.30", "ip.source", "") in told
    assert ("", "192.168.1.1", "dhcp.serves", "") in told


def test_addresses_of_cards_and_vlans_are_taken_where_zeek_logs_them(tmp_path: Path) -> None:
    row = conn("C1") | {"orig_l2_addr": "00:17:88:01:02:03", "resp_l2_addr": "00:11:32:aa:bb:cc", "vlan": 12}
    read = list(source(tsv(tmp_path / "conn.log", "conn", [row])))
    flow = read[0].table("flows").row(0, named=True)
    assert (flow["src_mac"], flow["dst_mac"], flow["segment"]) == ("00:17:88:01:02:03", "00:11:32:aa:bb:cc", "lan.12")
    assert "198.51.100.7" in read[0].table("sightings")["ip"]


def test_other_logs_tell_who_devices_are(tmp_path: Path) -> None:
    tsv(
        tmp_path / "mqtt_connect.log",
        "mqtt_connect",
        [
            ends("M1", port=1883)
            | {"proto_name": "MQTT", "proto_version": "3.1.1", "client_id": "pump-1", "connect_status": "Accepted"}
        ],
    )
    tsv(tmp_path / "ntp.log", "ntp", [ends("N1", port=123) | {"version": 4, "mode": 3, "stratum": 0}])
    tsv(
        tmp_path / "software.log",
        "software",
        [
            {
                "ts": NOON,
                "host": "192.168.1.9",
                "host_p": 80,
                "software_type": "HTTP::SERVER",
                "unparsed_version": "lighttpd/1.4",
            }
        ],
    )
    windows = list(source(tmp_path))
    (mqtt,) = windows[0].table("mqtt").rows(named=True)
    assert (mqtt["client_id"], mqtt["level"]) == ("pump-1", 4)
    seen = {(row["ip"], row["field"], row["value"]) for row in windows[0].table("sightings").rows(named=True)}
    assert {
        ("192.168.1.20", "mqtt.client", "pump-1"),
        ("192.168.1.20", "ntp.client", "198.51.100.7"),
        ("192.168.1.9", "http.server", "lighttpd/1.4"),
    } <= seen


DIGEST = "ab" * 32
FILE = {
    "source": "HTTP",
    "mime_type": "application/x-executable",
    "seen_bytes": 9,
    "missing_bytes": 0,
    "sha256": DIGEST,
}
WAY = ("client", "server", "port", "is_upload", "service", "name")


@forms
def test_files_are_told_with_their_way_and_whether_they_are_whole(tmp_path: Path, write: Write) -> None:
    rows = [
        ends("F1", port=80) | FILE | {"filename": "bin/arm7", "duration": 2.0, "is_orig": "F", "total_bytes": 9},
        ends("F2", 1.0, port=80) | FILE | {"filename": "cut", "duration": 0.0, "is_orig": "T", "total_bytes": 12},
        ends("F3", 2.0) | FILE | {"source": "SSL", "filename": "", "duration": 0.0, "is_orig": "F", "total_bytes": 9},
    ]
    files = table(source(write(tmp_path / "files.log", "files", rows)), "files").sort("is_upload")
    assert files.select(WAY).rows() == [
        ("192.168.1.20", "198.51.100.7", 80, False, "http", "arm7"),
        ("192.168.1.20", "198.51.100.7", 80, True, "http", "cut"),
    ]
    assert files["time"].to_list() == [int((NOON + 2) * SECOND), int((NOON + 1) * SECOND)]
    assert files["sha256"].to_list() == [DIGEST, ""]


def test_files_of_older_releases_and_of_active_transfers_have_their_client(tmp_path: Path) -> None:
    old = FILE | {"ts": NOON, "is_orig": True, "tx_hosts": ["192.168.1.20"], "rx_hosts": ["198.51.100.7"]}
    by_server = ends("F4", client="198.51.100.7", server="192.168.1.20") | FILE | {"source": "FTP_DATA"}
    jsonl(tmp_path / "files.log", [old | {"conn_uids": ["F5"]}, by_server | {"id.orig_p": 20, "is_orig": True}])
    files = table(source(tmp_path / "files.log"), "files").sort("service")
    assert files.select(WAY[:-1]).rows() == [
        ("192.168.1.20", "198.51.100.7", 20, False, "ftp"),
        ("192.168.1.20", "198.51.100.7", 0, True, "http"),
    ]


def test_messages_to_brokers_and_askers_of_tickets_are_read(tmp_path: Path) -> None:
    publish = {"from_client": "F", "retain": "T", "qos": "at least once", "status": "ok", "topic": "a/b"}
    tsv(tmp_path / "mqtt_publish.log", "mqtt_publish", [ends("M1", port=1883) | publish | {"payload_len": 7}])
    subscribe = {"action": "MQTT::SUBSCRIBE", "topics": "x/#,y", "qos_levels": "1", "granted_qos_level": 1}
    tsv(tmp_path / "mqtt_subscribe.log", "mqtt_subscribe", [ends("M1", port=1883) | subscribe])
    asker = {"request_type": "AS", "client": "NAS$/EX.ORG", "forwardable": "T"}
    tsv(tmp_path / "kerberos.log", "kerberos", [ends("K1", port=88) | asker])
    windows = list(source(tmp_path))
    said = windows[0].table("mqtt").sort("message", "topic")
    assert said.select("message", "topic", "qos", "size", "is_by_server").rows() == [
        ("publish", "a/b", 1, 7, True),
        ("subscribe", "x/#", 1, 0, False),
        ("subscribe", "y", 1, 0, False),
    ]
    seen = windows[0].table("sightings").select("field", "value").rows()
    assert ("kerberos.host", "NAS") in seen


def test_the_order_and_the_packing_of_files_do_not_matter(tmp_path: Path) -> None:
    rows = [conn(f"C{at}", at * 700.0, seconds=at * 90.0, orig_pkts=at * 40) for at in range(12)]
    one = tsv(tmp_path / "one" / "conn.log", "conn", rows)
    late, early = tsv(tmp_path / "two" / "conn.2.log", "conn", rows[6:][::-1]), tmp_path / "two" / "conn.3.log.gz"
    early.write_bytes(gzip.compress(jsonl(tmp_path / "plain.json", rows[:6]).read_bytes()))
    for name in ("flows", "sightings"):
        assert table(source(one), name).equals(table(source(late, early), name))


@pytest.mark.parametrize("window", [1, 10, 60, 600, 7200])
def test_windows_of_logs_follow_one_another_and_are_whole_steps(tmp_path: Path, window: int) -> None:
    rows = [conn(f"C{at}", at * 977.0, seconds=3.0) for at in range(9)]
    path = tsv(tmp_path / "conn.log", "conn", rows)
    windows = list(source(path, window=window * SECOND))
    assert all(left.end == right.begin for left, right in pairwise(windows))
    assert all(one.begin % STEP == 0 and one.end % STEP == 0 for one in windows)
    flows = pl.concat([one.table("flows") for one in windows])
    assert flows.equals(table(source(path), "flows"))
    for one in windows:
        assert one.table("flows")["step"].is_between(one.begin, one.end, closed="left").all()


def test_broken_lines_are_counted_with_their_first_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tsv(tmp_path / "conn.log", "conn", [conn("C1"), conn("C2", 1), conn("C3", 2), conn("C4", 3)])
    lines = path.read_text().splitlines()
    lines[8] = "a broken\tline"
    lines[9] = lines[9].replace("192.168.1.20", "nobody")
    lines[10] = lines[10].replace(str(NOON + 3), "yesterday")
    path.write_text("\n".join(lines))
    read = source(path)
    assert table(read, "flows").height == 1
    assert read.damaged() == {
        "conn log: broken line (first at conn.log:9)": 1,
        "conn log: no address (first at conn.log:10)": 1,
        "conn log: no time (first at conn.log:11)": 1,
    }


def test_broken_json_lines_are_counted(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "conn.log", [conn("C1"), conn("C2", 1), conn("C3", 2)])
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join([lines[0], '{"ts": 1, "uid"', "no json", lines[1], '{"ts": {"a": 1}}', "[1]", lines[2][:40]])
    )
    read = source(path)
    assert table(read, "flows").height == 2
    assert sum(read.damaged().values()) == 5


def test_missing_columns_are_damage_and_nothing_is_made_up(tmp_path: Path) -> None:
    row = {key: value for key, value in conn("C1").items() if key != "id.resp_h"}
    read = source(tsv(tmp_path / "conn.log", "conn", [row]))
    assert list(read) == []
    assert read.damaged() == {"conn log: no address (first at conn.log:8)": 1}
    least = {
        key: value
        for key, value in conn("C2").items()
        if key in {"ts", "id.orig_h", "id.resp_h", "proto", "conn_state"}
    }
    (flow,) = table(source(tsv(tmp_path / "b" / "conn.log", "conn", [least])), "flows").rows(named=True)
    assert (flow["packets_out"], flow["bytes_out"], flow["dst_port"], flow["service"]) == (0, 0, 0, "")


def test_a_packed_log_that_is_cut_short_is_read_so_far(tmp_path: Path) -> None:
    whole = tsv(
        tmp_path / "plain" / "conn.log", "conn", [conn(f"C{at}", at * 1.37, orig_bytes=at * 7919) for at in range(3000)]
    )
    path = tmp_path / "conn.log.gz"
    path.write_bytes(gzip.compress(whole.read_bytes())[:-4000])
    read = source(path)
    assert 0 < table(read, "flows").height < 3000
    assert any("cut short" in kind for kind in read.damaged())


def test_what_is_not_utf8_is_damage(tmp_path: Path) -> None:
    path = tsv(tmp_path / "conn.log", "conn", [conn("C1"), conn("C2", 1)])
    path.write_bytes(path.read_bytes().replace(b"C2", b"\xff\xfe"))
    read = source(path)
    assert table(read, "flows").height == 2
    assert read.damaged() == {"not UTF-8 (first at conn.log:9)": 1}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("conn.log", b"", "is empty"),
        ("notes.log", b"hello", "tells nothing"),
        ("notes.txt", b"hello", "is no capture"),
        ("weird.log", b"#separator \\x09\n#path\tweird\n#fields\tts\tname\n", "tells nothing"),
    ],
)
def test_what_is_no_log_is_told_in_a_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=says):
        recognise([tmp_path / name])


def test_captures_and_logs_at_once_are_refused(tmp_path: Path) -> None:
    tsv(tmp_path / "conn.log", "conn", [conn("C1")])
    (tmp_path / "a.pcap").write_bytes(bytes.fromhex("d4c3b2a1") + bytes(20))
    with pytest.raises(SourceError, match="captures and Zeek logs"):
        recognise([tmp_path])
    with pytest.raises(SourceError, match="holds no captures"):
        (tmp_path / "empty").mkdir()
        recognise([tmp_path / "empty"])


def test_logs_of_a_folder_that_tell_nothing_are_left_out(tmp_path: Path) -> None:
    good = tsv(tmp_path / "conn.log", "conn", [conn("C1")])
    tsv(tmp_path / "weird.log", "weird", [{"ts": NOON, "name": "x"}])
    (tmp_path / "stderr.log").write_bytes(b"")
    assert recognise([tmp_path]).files == (good,)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [b"{}", b'{"ts":1e300}', b"#fields\tts", b"\t" * 17, b"#separator \\x00", b"#separator \\xff"]
            ),
        ),
        max_size=12,
    )
)
def test_garbage_never_raises(tmp_path: Path, lines: list[bytes]) -> None:
    path = tsv(tmp_path / "conn.log", "conn", [conn("C1")])
    path.write_bytes(path.read_bytes() + b"\n".join(lines))
    list(source(path))
    path = jsonl(tmp_path / "json" / "conn.log", [conn("C1")])
    path.write_bytes(path.read_bytes() + b"\n".join(lines))
    list(source(path))


@pytest.mark.parametrize(
    "scenario",
    [
        "Honeypot-Capture-4-1",
        "Honeypot-Capture-7-1",
        "Malware-Capture-20-1",
        "Malware-Capture-44-1",
        "Malware-Capture-8-1",
    ],
)
def test_flows_and_bytes_of_a_real_log_are_those_of_the_file(scenario: str) -> None:
    path = SHARED / "data" / "captures" / "iot23" / f"CTU-{scenario}" / "conn.log"
    if not path.exists():
        pytest.skip(f"{path} is not there: the labelled logs are not part of the repository")
    lines = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
    flows = table(source(path), "flows")
    assert flows["is_first"].sum() == flows["is_last"].sum() == flows["flow"].n_unique() == len(lines)
    sums = {"packets_out": 16, "bytes_out": 17, "packets_in": 18, "bytes_in": 19}
    swapped = sum(int(line[16]) == 0 and line[2] == "255.255.255.255" for line in lines)
    told = {name: sum(int(line[at]) for line in lines) for name, at in sums.items()}
    assert sum(told.values()) == flows.select(pl.sum_horizontal(pl.col(*sums).sum())).item()
    if not swapped:
        assert flows.select(pl.col(*sums).sum()).row(0, named=True) == told


def test_public_addresses_of_the_sites_own_networks_are_devices_and_others_are_not(tmp_path: Path) -> None:
    ours, others = "203.0.113.20", "198.51.100.7"
    row = conn("C1", 3.0) | {"id.orig_h": ours, "id.resp_h": others}
    log = tsv(tmp_path / "conn.log", "conn", [row])
    found = {}
    for networks in ((), ("203.0.113.0/24",)):
        (window,) = open_source([log], site="site", window=HOUR, secret_key=bytes(32), networks=networks)
        _, facts = step(State(), Facts(window))
        assert facts.presence is not None
        found[networks] = [one.ips for one in facts.devices], facts.presence["packets"].to_list()
    assert found == {(): ([], []), ("203.0.113.0/24",): ([(ours,)], [5])}
