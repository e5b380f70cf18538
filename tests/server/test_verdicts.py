"""What is normal and what people say of findings, on the pages and over the API."""

import pytest
from example_site import device_id
from fastapi.testclient import TestClient

SCAN, CLEAR = "finding-000000000002", "finding-000000000004"
WORD = {"owner": "Ada", "reason": "a test of ours", "until": "30d", "scope": "device", "about": ""}


def test_verdict_is_kept_and_taken_back_over_the_api(owned: TestClient) -> None:
    told = owned.put(f"/api/findings/{SCAN}/verdict", json=WORD | {"fine": True}).json()
    assert (told["fine"], told["whose"], told["withdrawn"]) == (True, device_id(0), False)
    assert owned.get(f"/api/findings/{SCAN}").json()["accepted"] == told["id"]
    assert [one["id"] for one in owned.get("/api/verdicts").json()] == [told["id"]]
    assert owned.delete(f"/api/findings/{SCAN}/verdict").json()["withdrawn"] is True
    assert owned.delete(f"/api/findings/{SCAN}/verdict").status_code == 409
    assert owned.get("/api/verdicts").json() == []
    assert [one["withdrawn"] for one in owned.get(f"/api/findings/{SCAN}/verdicts").json()] == [False, True]


def test_what_is_not_normal_names_what_it_speaks_of(owned: TestClient) -> None:
    told = owned.put(f"/api/findings/{SCAN}/verdict", json=WORD | {"fine": False, "about": device_id(3)}).json()
    assert (told["fine"], told["about"]) == (False, device_id(3))
    assert owned.get(f"/api/findings/{SCAN}").json()["accepted"] == ""


@pytest.mark.parametrize(
    "wrong",
    [{"owner": " "}, {"reason": ""}, {"until": "2001-01-01"}, {"until": "400d"}, {"scope": "x"}, {"about": "nobody"}],
)
def test_what_cannot_be_said_is_told_and_changes_nothing(owned: TestClient, wrong: dict[str, str]) -> None:
    assert owned.put(f"/api/findings/{SCAN}/verdict", json=WORD | {"fine": True} | wrong).status_code == 422
    page = owned.post(f"/findings/{SCAN}", data={"do": "accept"} | WORD | wrong)
    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    assert owned.get("/api/verdicts?all=true").json() == []


def test_verdict_is_kept_and_taken_back_on_the_page(owned: TestClient) -> None:
    asked = owned.get(f"/findings/{SCAN}").text
    assert "This is fine" in asked and "This is not normal" in asked
    assert "This is not normal" not in owned.get(f"/findings/{CLEAR}").text, "it speaks of nobody else"
    text = owned.post(f"/findings/{SCAN}", data={"do": "accept"} | WORD, follow_redirects=True).text
    assert "says that it is fine for lobby-camera" in text and "Take it back" in text
    text = owned.post(f"/findings/{SCAN}", data={"do": "undo"}, follow_redirects=True).text
    assert "This is fine" in text and "taken back" in text


def test_verdict_for_a_kind_names_the_kind(owned: TestClient) -> None:
    told = owned.put(f"/api/findings/{SCAN}/verdict", json=WORD | {"fine": True, "scope": "kind"}).json()
    assert (told["whose"], told["whose_name"]) == ("camera", "every camera")


def test_words_of_the_command_line_are_looked_at(owned: TestClient) -> None:
    word = {"id": "verdict-1", "site": "site", "finding": SCAN, "device": device_id(0), "detector": "telnet-spread",
            "fine": True, "scope": "device", "whose": device_id(0), "about": "", "owner": "Ada", "reason": "x",
            "until": 2_000_000_000_000_000, "who": "owner", "time": 7, "withdrawn": False}  # fmt: skip
    assert owned.post("/api/verdicts", json=[word]).status_code == 201
    for wrong in ({"finding": "finding-x"}, {"until": "soon"}, {"owner": " "}, {"scope": "planet"}):
        assert owned.post("/api/verdicts", json=[word | wrong]).status_code in {404, 422}
    assert len(owned.get("/api/verdicts?all=true").json()) == 1


def test_what_is_normal_is_on_the_page_and_in_the_api(filled: TestClient) -> None:
    learned = filled.get(f"/api/devices/{device_id(0)}/baseline").json()
    assert (learned["learned"], learned["hours"]) == (True, 30)
    text = filled.get(f"/devices/{device_id(0)}").text
    assert "What is normal" in text and "Talks to 1 place on the Internet, mostly every 60 s" in text
    assert filled.get(f"/api/devices/{device_id(1)}/baseline").json()["learned"] is False
    assert "Nothing is learned yet" in filled.get(f"/devices/{device_id(1)}").text
    assert filled.get("/api/devices/device-x/baseline").status_code == 404


def test_without_a_record_nothing_is_said(empty: TestClient) -> None:
    assert empty.get("/api/verdicts").json() == []
    assert empty.get(f"/api/findings/{SCAN}/verdicts").status_code == 404
