"""Every page answers, whatever the state; nothing on it leads nowhere; names from the wire stay text."""

import re
from collections import deque
from html.parser import HTMLParser

import pytest
from example_site import HOSTILE, device_id
from fastapi.testclient import TestClient

from cordon.model.ids import derive

PAGES = ["/", "/devices", "/map", "/incidents", "/findings", "/policy", "/settings", "/repairs"]
FILLED = [
    f"/devices/{device_id(0)}",
    f"/devices/{device_id(12)}",
    f"/devices/{device_id(13)}",
    f"/devices/{device_id(0)}/why",
    f"/devices/{device_id(0)}/evidence/kind",
    f"/devices/{device_id(0)}/policy",
    "/incidents/incident-000000000001",
    "/findings/finding-000000000002",
    "/findings/finding-000000000005",
    "/findings/finding-000000000002/rows",
    "/policy/decisions/decision-000000000002",
    "/devices?text=camera&sort=last_seen&descending=true",
    "/devices?kind=unknown&sort=nonsense&offset=3",
    "/findings?at_least=high&sort=severity",
    "/exposures/exposure-000000000001",
    "/exposures/exposure-000000000001/rows",
    "/exposures/exposure-000000000003",
    "/exposures/exposure-000000000004",
    f"/repairs/{derive('repair', 'telnet-in-use', 'camera', '', '')}",
]


class Parsed(HTMLParser):
    """What a page leads to, and what it must not hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.inline: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "action", "hx-get"} and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.add(value)
            if (
                name.startswith(("on", "hx-on"))
                or name == "style"
                or (name == "href" and str(value).startswith("javascript"))
            ):
                self.inline.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and not dict(attrs).get("src")):
            self.inline.append(tag)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_on_an_empty_state(empty: TestClient, path: str) -> None:
    answer = empty.get(path)
    assert answer.status_code == 200
    assert "NOTHING READ" in answer.text


@pytest.mark.parametrize("path", PAGES + FILLED)
def test_every_page_answers_on_a_filled_state(filled: TestClient, path: str) -> None:
    answer = filled.get(path)
    assert answer.status_code == 200
    assert "RECORDED" in answer.text
    assert "Watching only: nothing on your network is changed" in answer.text


@pytest.mark.parametrize("path", PAGES + FILLED)
def test_names_from_the_wire_stay_text(filled: TestClient, path: str) -> None:
    text = filled.get(path).text
    assert "<img src=x" not in text
    assert "49" not in re.findall(r"&quot;\)&gt;(\d+)", text)
    assert Parsed(text).inline == []


def test_the_hostile_name_is_shown_as_it_came(filled: TestClient) -> None:
    assert "&lt;img src=x onerror=" in filled.get("/devices").text
    assert HOSTILE in [device["name"] for device in filled.get("/api/devices").json()]


def test_an_empty_state_says_what_to_do_next(empty: TestClient) -> None:
    for path in PAGES:
        main = empty.get(path).text.partition("<main")[2]
        assert 'class="button' in main, path


@pytest.mark.parametrize("state", ["empty", "filled"])
def test_no_link_is_dead(state: str, request: pytest.FixtureRequest) -> None:
    client: TestClient = request.getfixturevalue(state)
    todo, seen = deque(PAGES), set(PAGES)
    while todo:
        path = todo.popleft()
        answer = client.get(path)
        assert answer.status_code in {200, 307}, f"{path}: {answer.status_code}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        parsed = Parsed(answer.text)
        for link in parsed.links:
            target, _, fragment = link.partition("#")
            if not target and fragment:
                assert fragment in parsed.ids, f"{path}: #{fragment}"
            if not target.startswith("/") or target in seen or target in {"/demo/restart", "/api/captures"}:
                assert not target.startswith(("http", "//")), f"{path} leads to {target}"
                continue
            if "/static/vendor/" in target:
                continue  # built by make setup
            seen.add(target)
            todo.append(target)
    assert len(seen) > len(PAGES)


def test_a_drawer_gets_the_inside_of_the_page_only(filled: TestClient) -> None:
    path = f"/devices/{device_id(0)}/why"
    assert "<html" in filled.get(path).text
    inside = filled.get(path, headers={"hx-request": "true"}).text
    assert "<html" not in inside and "These reasons add up to it" in inside


def test_reasons_on_the_page_add_up_to_the_score(filled: TestClient) -> None:
    text = filled.get(f"/devices/{device_id(0)}/why", headers={"hx-request": "true"}).text
    addends = [float(x.replace("−", "-")) for x in re.findall(r'class="number adds[^>]*>([+−][\d.]+)', text)]
    assert sum(addends) == 10


def test_what_is_not_there_is_said_with_a_next_step(filled: TestClient) -> None:
    for path in ("/devices/none", "/incidents/none", "/findings/none", "/policy/decisions/none", "/nothing"):
        answer = filled.get(path)
        assert answer.status_code == 404
        assert 'class="button"' in answer.text


def test_lists_are_sorted_and_narrowed_by_the_server(filled: TestClient) -> None:
    def names(path: str) -> list[str]:
        return re.findall(r'<a href="/devices/device-\w+">([^<]*)</a>', filled.get(path).text)

    assert names("/devices?text=camera") == ["lobby-camera", "yard-camera"]
    assert names("/devices?sort=name")[0] != names("/devices?sort=name&descending=true")[0]
    assert names("/devices?text=no-such-thing") == []


def test_the_theme_chosen_is_the_pages_from_the_start(filled: TestClient) -> None:
    filled.cookies.set("cordon-theme", "dark")
    assert '<html lang="en" data-theme="dark">' in filled.get("/").text
    filled.cookies.set("cordon-theme", '"><script>')
    assert '<html lang="en">' in filled.get("/").text


@pytest.mark.parametrize("kind", ["camera", "unknown", "internet", "plc"])
@pytest.mark.parametrize("band", ["normal", "usual-only-hatched", "cordoned-hatched"])
def test_marks_are_pictures(filled: TestClient, kind: str, band: str) -> None:
    answer = filled.get(f"/marks/{kind}/{band}?theme=dark")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert filled.get(f"/marks/{kind}/none").status_code == 404
