"""The record in people's hands: forms that work without a script, questions that are asked once, lists in and out."""

import re

from example_site import HOSTILE, device_id
from fastapi.testclient import TestClient

CAMERA, TWIN, HOSTILE_ONE = device_id(0), device_id(1), device_id(13)


def said(client: TestClient, device: str = CAMERA) -> list[tuple[str, str, bool]]:
    return [(e["field"], e["value"], e["withdrawn"]) for e in client.get(f"/api/devices/{device}/edits").json()]


def test_a_form_keeps_only_what_was_changed_and_empties_take_back(owned: TestClient) -> None:
    form = {"do": "record", "kind": "doorbell", "was-kind": "", "location": "Lobby", "was-location": "", "owner": "",
            "was-owner": "", "why": "I mounted it"}  # fmt: skip
    answer = owned.post(f"/devices/{CAMERA}/record", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/devices/{CAMERA}#record")
    assert said(owned) == [("kind", "doorbell", False), ("location", "Lobby", False)]
    text = owned.get(f"/devices/{CAMERA}").text
    assert "said by owner" in text
    assert "I mounted it" in text
    owned.post(
        f"/devices/{CAMERA}/record",
        data={"kind": "", "was-kind": "doorbell", "location": "Lobby", "was-location": "Lobby"},
    )
    assert said(owned)[2:] == [("kind", "", True)]


def test_a_form_of_an_old_page_does_not_undo_what_was_said_meanwhile(owned: TestClient) -> None:
    owned.patch(f"/api/devices/{CAMERA}", json={"owner": "Ada"})
    owned.post(f"/devices/{CAMERA}/record", data={"owner": "", "was-owner": "", "zone": "cameras", "was-zone": ""})
    device = owned.get(f"/api/devices/{CAMERA}").json()
    assert (device["owner"], device["zone"]) == ("Ada", "cameras")


def test_a_wrong_word_is_told_on_the_form_with_what_was_typed(owned: TestClient) -> None:
    answer = owned.post(f"/devices/{CAMERA}/record", data={"name": "x" * 400, "location": "Hall"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Hall"' in answer.text
    assert said(owned) == []


def test_joins_stand_on_the_page_with_their_reason_and_are_undone_there(owned: TestClient) -> None:
    owned.post(f"/devices/{CAMERA}/record", data={"do": "join", "other": "yard-camera", "why": "two cards, one box"})
    text = owned.get(f"/devices/{CAMERA}").text
    assert "two cards, one box" in text
    undo = {"do": "undo", "field": "same-as", "value": TWIN}
    assert f'name="value" value="{TWIN}"' in text
    owned.post(f"/devices/{CAMERA}/record", data=undo)
    assert said(owned) == [("same-as", TWIN, False), ("same-as", TWIN, True)]
    assert 'value="undo"' not in owned.get(f"/devices/{CAMERA}").text


def test_a_question_is_asked_on_the_page_of_the_device_alike_and_once(owned: TestClient) -> None:
    owned.patch(f"/api/devices/{CAMERA}", json={"kind": "doorbell"})
    text = owned.get(f"/devices/{TWIN}").text
    assert "Is it a doorbell?" in text
    assert "lobby-camera" in text
    assert "Devices that look the same" in owned.get(f"/devices/{CAMERA}").text
    answer = {"do": "answer", "field": "kind", "value": "doorbell", "answer": "no", "back": CAMERA}
    assert owned.post(f"/devices/{TWIN}/record", data=answer).headers["location"] == f"/devices/{CAMERA}#record"
    assert "Is it a doorbell?" not in owned.get(f"/devices/{TWIN}").text
    assert said(owned, TWIN) == []
    owned.patch(f"/api/devices/{CAMERA}", json={"model": "D1"})
    owned.post(f"/devices/{TWIN}/record", data={"do": "answer", "field": "model", "value": "D1", "answer": "yes"})
    assert owned.get(f"/api/devices/{TWIN}").json()["model"] == "D1"
    assert owned.get(f"/api/devices/{TWIN}/edits").json()[0]["why"] == "looks the same as lobby-camera"


def test_devices_nobody_could_name_are_a_question_on_today_once(owned: TestClient) -> None:
    text = owned.get("/").text
    assert "nobody could name" in text
    assert owned.post("/devices", data={"do": "nobody-knows"}).status_code == 303
    assert "nobody could name" not in owned.get("/").text
    assert owned.get("/devices?kind=unknown").status_code == 200


def test_lists_are_taken_in_by_a_form(owned: TestClient) -> None:
    table = {"files": ("mine.csv", f"mac,name,location\nac:cc:8e:00:00:00,{HOSTILE},Lobby\n".encode())}
    text = owned.post("/inventory?dry_run=true", files=table).text
    assert "Nothing is changed yet" in text
    assert "<img src=x" not in text
    assert said(owned) == []
    assert "mine.csv" in owned.post("/inventory", files=table).text
    assert ("location", "Lobby", False) in said(owned)
    wrong = owned.post("/inventory", files={"files": ("mine.csv", b"mac\nzz\n")})
    assert (wrong.status_code, "line 2" in wrong.text) == (422, True)


def test_lists_are_narrowed_by_what_people_said(owned: TestClient) -> None:
    owned.patch(f"/api/devices/{CAMERA}", json={"location": "Lobby", "tags": "poe, a&b", "zone": "z", "owner": "Ada"})
    for question in ("location=Lobby", "tag=a%26b", "zone=z", "owner=Ada", "text=lobby+ada"):
        text = owned.get(f"/devices?{question}").text
        assert set(re.findall(r'href="/devices/(device-\w+)"', text)) == {CAMERA}, question
    assert "All" in owned.get("/devices").text


def test_pages_that_only_show_refuse_to_keep(filled: TestClient) -> None:
    assert filled.post(f"/devices/{CAMERA}/record", data={"owner": "Ada"}).status_code == 503
    assert filled.get(f"/devices/{HOSTILE_ONE}/record").status_code == 200
    assert filled.post(f"/devices/{CAMERA}/record", data={"notes": "x" * 200_000}).status_code == 413
    assert filled.post("/devices/nobody/record", data={}).status_code == 404
