"""Logs of other sensors lack much of what checks look at: then nothing is said, and nothing breaks."""

import json
from pathlib import Path

import pytest
from logs_by_hand import conn, ends, tsv
from running import Cordon

CAMERA, DESK = "192.168.1.20", "192.168.1.30"
AT = "2026-03-02T12:00:0{}.000000+0000"


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def checks(cordon: Cordon) -> set[str]:
    return {one["check"] for one in cordon.on_state("exposures", "--json").json("exposures")}


def zeek(folder: Path) -> None:
    talks = [
        conn("C1", 0, client=DESK, server=CAMERA, port=23, service="telnet"),
        conn("C2", 5, client=CAMERA, port=443, service="ssl"),
        conn("C3", 11, client=DESK, server=CAMERA, port=443, service="ssl"),
        conn("C4", 12, client=DESK, server=CAMERA, port=161, proto="udp", service="snmp"),
        conn("C5", 15, client=DESK, server=CAMERA, port=445, service="gssapi,smb,ntlm"),
        conn("C6", 20, client=DESK, server=CAMERA, port=22, service="ssh"),
    ]
    hello = {"version": "TLSv10", "cipher": "TLS_RSA_WITH_AES_128_CBC_SHA", "server_name": "cam.example",
             "established": True}  # fmt: skip
    bare = ends("C3", 11.1, client=DESK, server=CAMERA) | hello
    tsv(folder / "conn.log", "conn", talks)
    tsv(folder / "ssl.log", "ssl", [ends("C2", 5.1, client=CAMERA) | hello, bare])
    tsv(folder / "snmp.log", "snmp", [ends("C4", 12.1, DESK, CAMERA, 161) | {"version": "2c"}])
    tsv(folder / "ntlm.log", "ntlm", [ends("C5", 15.1, DESK, CAMERA, 445) | {"username": "ada", "success": True}])
    tsv(folder / "ssh.log", "ssh", [ends("C6", 20.1, DESK, CAMERA, 22) | {"version": 2, "server": "SSH-2.0-x"}])


def test_logs_of_zeek_show_what_they_hold_and_no_more(cordon: Cordon, tmp_path: Path) -> None:
    zeek(tmp_path / "logs")
    ended = cordon.on_state("read", tmp_path / "logs", "--json")
    assert ended.status == 0 and "failed" not in ended.err
    assert {"telnet-in-use", "tls-old-version"} <= checks(cordon)
    assert not checks(cordon) & {
        "weak-key", "self-signed", "expired-certificate", "wrong-name", "shared-certificate", "ssh-weak", "ntlm1",
        "rtsp-open", "onvif-open", "snmp-community", "port-mapped", "tls-downgrade", "no-time", "no-log",
    }  # fmt: skip


def test_events_of_suricata_show_what_they_hold_and_no_more(cordon: Cordon, tmp_path: Path) -> None:
    def event(kind: str, at: int, port: int, **more: object) -> str:
        told = {"timestamp": AT.format(at), "flow_id": port, "event_type": kind, "src_ip": DESK, "src_port": 40000,
                "dest_ip": CAMERA, "dest_port": port, "proto": "TCP"}  # fmt: skip
        return json.dumps(told | more)

    counts = {"pkts_toserver": 9, "pkts_toclient": 8, "bytes_toserver": 2000, "bytes_toclient": 9000,
              "start": AT.format(1), "end": AT.format(5), "state": "closed", "reason": "timeout"}  # fmt: skip
    tcp = {"tcp_flags_ts": "1b", "tcp_flags_tc": "1b", "state": "closed"}
    lines = [
        event("tls", 2, 443, tls={"version": "TLS 1.1", "sni": "cam.lan", "subject": "CN=other"}),
        event("ssh", 2, 22, ssh={"server": {"proto_version": "2.0", "software_version": "x"}}),
        event("flow", 5, 443, app_proto="tls", flow=counts, tcp=tcp),
        event("flow", 5, 23, app_proto="telnet", flow=counts, tcp=tcp),
        event("flow", 5, 22, app_proto="ssh", flow=counts, tcp=tcp),
    ]
    path = tmp_path / "eve.json"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ended = cordon.on_state("read", path, "--json")
    assert ended.status == 0 and "failed" not in ended.err
    assert "telnet-in-use" in checks(cordon)
    assert not checks(cordon) & {"weak-key", "self-signed", "expired-certificate", "shared-certificate", "ssh-weak"}
