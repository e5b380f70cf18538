"""Repairs and exposures on the pages and over the API; a person's word of living with one is kept and taken back."""

import pytest
from example_site import device_id
from fastapi.testclient import TestClient

CAMERA = device_id(0)
TELNET = "exposure-000000000001"
WORD = {"owner": "Ada", "reason": "replaced in spring", "until": "90d"}


def test_today_says_what_to_do_where_and_how_long_it_takes(filled: TestClient) -> None:
    text = filled.get("/").text
    assert "Most useful repairs" in text
    assert "Switch Telnet off: 2 Axis Communications cameras" in text
    assert "about 15 minutes" in text


def test_nothing_seen_is_not_said_to_be_nothing_weak(empty: TestClient) -> None:
    assert "Cordon knows only what it sees" in empty.get("/repairs").text
    assert empty.get("/api/repairs").json() == empty.get("/api/exposures").json() == []


def test_the_page_of_a_repair_tells_what_why_how_and_how_it_is_known(filled: TestClient) -> None:
    (first, _) = filled.get("/api/repairs").json()
    text = filled.get(f"/repairs/{first['id']}").text
    for word in (
        "What was seen",
        "Why it matters",
        "How to repair it",
        "How Cordon will know",
        "CR 7.7",
        "yard-camera",
    ):
        assert word in text
    assert filled.get("/repairs/repair-000000000000").status_code == 404


def test_a_device_shows_what_is_weak_about_it_and_what_was(filled: TestClient) -> None:
    assert f"/exposures/{TELNET}" in filled.get(f"/devices/{CAMERA}").text
    gone = filled.get(f"/devices/{device_id(3)}").text
    assert "it answers SSH instead" in gone
    assert "No weak setting of it was seen" in filled.get(f"/devices/{device_id(4)}").text


def test_the_api_lists_what_stands_and_what_is_gone_on_demand(filled: TestClient) -> None:
    assert [one["id"][-1] for one in filled.get("/api/exposures").json()] == ["1", "2", "4"]
    assert len(filled.get("/api/exposures?gone=true").json()) == 4
    assert [one["id"] for one in filled.get(f"/api/exposures?device={CAMERA}").json()] == [TELNET]
    one = filled.get(f"/api/exposures/{TELNET}").json()
    assert (one["standing"], one["reach"], one["accepted"]) == ("open", "network", None)
    assert filled.get("/api/exposures/exposure-x").status_code == 404


def test_an_acceptance_is_kept_and_taken_back_over_the_api(owned: TestClient) -> None:
    told = owned.put(f"/api/exposures/{TELNET}/acceptance", json=WORD).json()
    assert (told["standing"], told["accepted"]["owner"]) == ("accepted", "Ada")
    assert owned.get("/api/repairs").json()[0]["devices"] == [device_id(1)]
    assert owned.delete(f"/api/exposures/{TELNET}/acceptance").json()["standing"] == "open"
    assert owned.delete(f"/api/exposures/{TELNET}/acceptance").status_code == 409
    said = owned.get(f"/api/exposures/{TELNET}/acceptances").json()
    assert [one["withdrawn"] for one in said] == [False, True]


@pytest.mark.parametrize("wrong", [{"owner": " "}, {"reason": ""}, {"until": "2001-01-01"}, {"until": "some day"}])
def test_what_cannot_be_accepted_is_told_and_changes_nothing(owned: TestClient, wrong: dict[str, str]) -> None:
    answer = owned.put(f"/api/exposures/{TELNET}/acceptance", json=WORD | wrong)
    assert answer.status_code == 422
    page = owned.post(f"/exposures/{TELNET}", data={"do": "accept"} | WORD | wrong)
    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    assert owned.get(f"/api/exposures/{TELNET}/acceptances").json() == []


def test_an_acceptance_is_kept_and_taken_back_on_the_page(owned: TestClient) -> None:
    text = owned.post(f"/exposures/{TELNET}", data={"do": "accept"} | WORD, follow_redirects=True).text
    assert "Ada" in text and "Take it back" in text
    assert "Accepted for a time" in owned.get("/repairs").text
    assert "Accept it" in owned.post(f"/exposures/{TELNET}", data={"do": "undo"}, follow_redirects=True).text


def test_words_of_the_command_line_are_looked_at(owned: TestClient) -> None:
    word = {"site": "site", "exposure": TELNET, "owner": "Ada", "reason": "x", "until": 2_000_000_000_000_000,
            "who": "owner", "time": 7, "withdrawn": False}  # fmt: skip
    assert owned.post("/api/acceptances", json=[word]).status_code == 201
    for wrong in ({"exposure": "exposure-x"}, {"until": "soon"}, {"owner": " "}):
        assert owned.post("/api/acceptances", json=[word | wrong]).status_code in {404, 422}
    assert len(owned.get(f"/api/exposures/{TELNET}/acceptances").json()) == 1
