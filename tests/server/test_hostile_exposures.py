"""Certificates, banners and names of the worst kind are shown harmlessly: on pages, over the API, to a terminal."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from entering import context_over, entered
from fastapi.testclient import TestClient
from record_site import CAMERA, made, window

from cordon.cli import main
from cordon.model.exposure import Exposure
from cordon.model.facts import Facts
from cordon.store import Store
from exposure.cases import GOOD, OUT
from exposure.making import MINUTE, Made, run

MARKUP, IMAGE = "<script>alert(1)</script>", "\"'><img src=x onerror=alert(2)>"
STEERING = "\x1b[2J\x1b]0;owned\x07\r\x00\u202e\u2028\ufffd\u0085"
BAD = f"{MARKUP}{IMAGE}{STEERING}{'{{7*7}}'}{'ä' * 9000}"


def told() -> tuple[Exposure, ...]:
    """What the checks say of a device that presents itself so."""
    site = Made(camera="camera", desk="workstation", cam2="camera", broker="broker", light="light", tv="tv")
    worst = {"subject": f"CN={BAD}", "issuer": BAD, "signature": f"md5{BAD}", "key_type": "rsa", "key_bits": 512,
             "cipher": f"TLS_RSA_EXPORT_{BAD}", "version": "TLS1.0", "self_signed": True}  # fmt: skip
    site.row("tls", MINUTE, "desk", "camera", 443, "tls", **(GOOD | worst), sni=BAD)
    site.row("http", MINUTE, "camera", OUT, 80, "http", called=BAD, method="GET", host=BAD, path=f"/firmware{BAD}")
    site.row("http", MINUTE, "desk", "camera", 80, "http", is_response=True, status=200, content_type="text/html",
             realm=BAD)  # fmt: skip
    site.row("mqtt", MINUTE, "desk", "broker", 1883, "mqtt", message="connack", is_by_server=True, client_id=BAD,
             result="accepted")  # fmt: skip
    site.row("coap", MINUTE, "desk", "light", 5683, "coap", proto=17, is_response=True, code="2.05", path=BAD)
    site.login(MINUTE, "desk", "camera", user=BAD, word=BAD)
    site.talk(MINUTE, "tv", OUT, 443, "tls", name=f"{BAD}.samsungacr.com")
    for field, value in {
        "ssh.banner": f"SSH-1.5-{BAD}", "ssh.offers": f"server:x;ssh-dss,{BAD}", "ssh.hostkey": f"{BAD} 12 {BAD}",
        "onvif.access": f"open:{BAD}", "upnp.mapping": f"{BAD} to {BAD}", "snmp.version": BAD,
        "http.server": f"Boa/{BAD}",
        "ssdp.type": f"InternetGatewayDevice{BAD}", "tls.names": f"443 x{BAD}", "tls.key": BAD, "rtsp.access": BAD,
        "ntlm.version": BAD, "snmp.community": BAD, "smb.version": BAD, "tcp.serves": "22",
    }.items():  # fmt: skip
        site.presents_as(MINUTE, "camera", field, value)
    return run(site)[1]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made(tmp_path_factory.mktemp("hostile") / "state")
    with Store.open(folder, write=True) as store:
        store.save(Facts(window(), exposures=tuple(replace(one, device=CAMERA, peers=()) for one in told())))
    return folder


@pytest.fixture
def browser(state: Path) -> Iterator[TestClient]:
    context = context_over(state)
    yield entered(context)
    context.forget()


def ids(browser: TestClient) -> list[str]:
    return [one["id"] for one in browser.get("/api/exposures").json()]


def test_checks_see_through_all_of_it() -> None:
    found = {one.check for one in told()}
    assert {
        "ssh1", "ssh-weak", "onvif-open", "port-mapped", "snmp-clear", "end-of-support", "self-signed", "weak-key",
        "wrong-name", "tls-old-version", "clear-management", "clear-update", "mqtt-open", "coap-open", "tracker",
        "guessable-password", "upnp-port-mapping",
    } <= found  # fmt: skip
    assert all(len(text) <= 400 for one in told() for text in (one.says, *(str(v) for _, v in one.measured)))


def test_pages_escape_all_of_it(browser: TestClient) -> None:
    pages = ["/", "/repairs", f"/devices/{CAMERA}", *(f"/exposures/{id}" for id in ids(browser))]
    pages += [f"/repairs/{one['id']}" for one in browser.get("/api/repairs?limit=100").json()]
    shown = 0
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text, page
        assert not {"\x1b", "\x00", "\x07"} & set(answer.text), page
        shown += "&lt;script&gt;" in answer.text
    assert shown > 5, "it is shown, as text"


def test_json_and_the_command_line_cannot_steer_a_terminal(
    browser: TestClient, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(json.loads(browser.get("/api/exposures").text)) > 15
    commands = [["exposures"], ["exposures", "--json"], ["repairs", "--all"], ["repairs", "--all", "--json"]]
    commands += [["why", id] for id in ids(browser)[:30]]
    for command in commands:
        capsys.readouterr()
        assert main([*command, "--state", str(state)]) == 0
        out = capsys.readouterr().out
        assert not set(out) & {"\x1b", "\x00", "\x07", "\r", "\u202e", "\u2028", "\u0085"}, command
