"""What people say over the API is kept, and what cannot be said is told."""

import csv
import io
import json

import pytest
from example_site import device_id
from fastapi.testclient import TestClient

CAMERA, TWIN, NAMELESS = device_id(0), device_id(1), device_id(12)
LISTS = {"files": ("devices.csv", b"mac,name,location\n02:00:00:00:77:01,kettle,Kitchen\n192.168.1.10,,\n")}


def test_a_word_is_kept_with_who_and_why_and_shown_everywhere(owned: TestClient) -> None:
    answer = owned.patch(f"/api/devices/{CAMERA}?why=I+mounted+it", json={"kind": "doorbell", "location": "Lobby"})
    assert answer.status_code == 200
    assert answer.json()["device"]["kind"] == "doorbell"
    device = owned.get(f"/api/devices/{CAMERA}").json()
    assert (device["kind"], device["location"], device["told"]) == ("doorbell", "Lobby", ["kind", "location"])
    assert [d["id"] for d in owned.get("/api/devices?location=Lobby").json()] == [CAMERA]
    assert [(e["field"], e["who"], e["why"]) for e in owned.get(f"/api/devices/{CAMERA}/edits").json()] == [
        ("kind", "owner", "I mounted it"),
        ("location", "owner", "I mounted it"),
    ]
    owned.patch(f"/api/devices/{CAMERA}", json={"kind": None})
    assert owned.get(f"/api/devices/{CAMERA}").json()["kind"] == "camera"
    assert len(owned.get(f"/api/devices/{CAMERA}/edits").json()) == 3


@pytest.mark.parametrize(
    "words",
    [{"kind": "toaster"}, {"colour": "red"}, {"criticality": "9"}, {"name": "x" * 301}, {"same-as": "nobody"},
     {"same-as": CAMERA}, {"apart": "02:00:00:00:00:99"}, {"owner": ""}],
)  # fmt: skip
def test_what_cannot_be_said_is_told_and_changes_nothing(owned: TestClient, words: dict[str, str]) -> None:
    answer = owned.patch(f"/api/devices/{CAMERA}", json=words)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")
    assert owned.get(f"/api/devices/{CAMERA}/edits").json() == []


def test_edits_of_the_command_line_are_looked_at_like_any_other(owned: TestClient) -> None:
    edit = {"site": "site", "device": CAMERA, "field": "owner", "value": "Ada", "who": "owner", "time": 7, "why": "",
            "withdrawn": False}  # fmt: skip
    assert owned.post("/api/edits", json=[edit]).status_code == 201
    for wrong in (
        {"device": "nobody"},
        {"field": "colour"},
        {"time": "soon"},
        {"value": " Ada\x1b "},
        {"site": "else"},
    ):
        answer = owned.post("/api/edits", json=[edit | {"time": 8} | wrong])
        assert answer.status_code in {404, 422}, wrong
    assert len(owned.get(f"/api/devices/{CAMERA}/edits").json()) == 1


def test_devices_alike_are_asked_about(owned: TestClient) -> None:
    owned.patch(f"/api/devices/{CAMERA}", json={"kind": "doorbell"})
    asked = owned.get("/api/questions").json()
    assert all(one["like"] == CAMERA and one["value"] == "doorbell" for one in asked)


def test_a_list_comes_in_and_goes_out(owned: TestClient) -> None:
    told = owned.post("/api/inventory?dry_run=true", files=LISTS)
    assert told.status_code == 422, "the second line says of nothing which device is meant"
    assert "line 3" in told.json()["detail"]
    listed = {
        "files": ("devices.csv", b"mac,ip,name,location\n02:00:00:00:77:01,,kettle,Kitchen\n,192.168.1.10,,Hall\n")
    }
    told = owned.post("/api/inventory?dry_run=true", files=listed).json()["imported"]
    assert (told[0]["known"], told[0]["new"], told[0]["format"]) == (1, 1, "csv")
    assert owned.get("/api/devices?known=import").json() == []
    owned.post("/api/inventory", files=listed)
    (kettle,) = owned.get("/api/devices?known=import").json()
    assert (kettle["name"], kettle["location"], kettle["last_seen"]) == ("kettle", "Kitchen", None)
    rows = list(csv.DictReader(io.StringIO(owned.get("/api/inventory?format=csv").text)))
    assert {row["location"] for row in rows} == {"", "Kitchen", "Hall"}
    assert len(json.loads(owned.get("/api/inventory?format=cyclonedx").text)["components"]) == 15
    assert owned.get("/api/inventory?format=odt").status_code == 422
    assert owned.post("/api/inventory?format=odt", files=listed).status_code == 422
    assert owned.post("/api/inventory").status_code == 400


def test_nothing_can_be_said_where_nothing_writes(filled: TestClient) -> None:
    assert filled.patch(f"/api/devices/{CAMERA}", json={"kind": "nvr"}).status_code == 503
    assert filled.post("/api/edits", json=[]).status_code == 503
    assert filled.post("/api/inventory", files=LISTS).status_code == 503
    assert filled.get("/api/devices/nobody/edits").status_code == 404
    assert filled.get(f"/api/devices/{CAMERA}/versions").json()[0]["field"] in {"model", "os", "firmware"}
