"""Who gets in, and what every answer forbids."""

from pathlib import Path

import pytest
from entering import PORT, context_over, entered
from fastapi.testclient import TestClient

from cordon.server.access import POLICY
from cordon.server.app import create
from cordon.server.context import Context


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return context_over(tmp_path / "state")


@pytest.fixture
def stranger(context: Context) -> TestClient:
    return TestClient(create(context), base_url=context.gate.url, follow_redirects=False)


@pytest.mark.parametrize("path", ["/", "/devices", "/map", "/api/devices", "/api/openapi.json", "/events", "/none"])
def test_without_a_session_nothing_is_shown_but_how_to_get_in(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "Open the one-time address that Cordon printed" in answer.text


def test_an_address_opens_once(context: Context, stranger: TestClient) -> None:
    path = context.gate.address().removeprefix(context.gate.url)
    first = stranger.get(path)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert stranger.get("/").status_code == 200
    stranger.cookies.clear()
    assert stranger.get(path).status_code == 401


def test_when_an_address_is_used_the_next_is_told(context: Context, stranger: TestClient) -> None:
    told: list[str] = []
    context.gate.used = told.append
    stranger.get(context.gate.address().removeprefix(context.gate.url))
    other = TestClient(create(context), base_url=context.gate.url, follow_redirects=False)
    assert other.get(told[0].removeprefix(context.gate.url)).status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", "192.168.1.2:8737"]
)
def test_a_rebound_name_gets_nothing(context: Context, host: str) -> None:
    client = entered(context)
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert client.get("/static/console.css", headers={"host": host}).status_code == 421


def test_an_address_never_leads_to_another_server(context: Context, stranger: TestClient) -> None:
    token = context.gate.address().partition("?")[2]
    assert stranger.get(f"//evil.example/x?{token}").headers.get("location", "/").startswith("//") is False


def test_every_answer_forbids_what_is_not_cordons_own(filled: TestClient) -> None:
    for path in ("/", "/api/devices", "/static/console.css", "/none"):
        answer = filled.get(path)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY and "http" not in POLICY


def test_another_sites_page_cannot_write(context: Context) -> None:
    client = entered(context)
    assert client.post("/demo/restart", headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post("/demo/restart", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/demo/restart", headers={"origin": context.gate.url}).status_code == 409


def test_a_form_whose_page_lets_no_referrer_go_may_write_if_the_browser_says_it_is_ours(context: Context) -> None:
    client = entered(context)
    assert client.post("/demo/restart", headers={"origin": "null"}).status_code == 403
    for site, status in (("same-origin", 409), ("same-site", 403), ("cross-site", 403), ("none", 403)):
        answer = client.post("/demo/restart", headers={"origin": "null", "sec-fetch-site": site})
        assert answer.status_code == status, site


def test_the_key_of_the_state_folder_opens_the_api(context: Context, stranger: TestClient) -> None:
    headers = {"authorization": f"Bearer {context.gate.key}"}
    answer = stranger.post("/api/addresses", headers=headers)
    assert answer.status_code == 201
    assert stranger.get(answer.json()["url"].removeprefix(context.gate.url)).status_code == 303
    stranger.cookies.clear()
    assert stranger.post("/api/addresses", headers={"authorization": "Bearer wrong"}).status_code == 401


def test_a_session_alone_makes_no_new_addresses(context: Context) -> None:
    assert entered(context).post("/api/addresses").status_code == 403
