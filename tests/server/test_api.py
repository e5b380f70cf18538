"""The API answers with the shapes the command line prints, and mistakes with a sentence."""

from example_site import device_id
from fastapi.testclient import TestClient


def test_devices_come_as_the_command_line_prints_them(filled: TestClient) -> None:
    devices = filled.get("/api/devices").json()
    assert len(devices) == 14
    wanted = "id site macs ips names vendor kind model os firmware confidence evidence trust band first_seen last_seen"
    assert set(wanted.split()) <= set(devices[0])
    assert filled.get("/api/devices/192.168.1.10").json()["id"] == device_id(0)


def test_findings_come_as_the_command_line_prints_them(filled: TestClient) -> None:
    findings = filled.get("/api/findings").json()
    wanted = "id detector family device severity began noticed says measured"
    assert set(wanted.split()) <= set(findings[0])
    assert [f["severity"] for f in filled.get("/api/findings?at_least=critical").json()] == ["critical"]


def test_a_wrong_question_gets_a_sentence(filled: TestClient) -> None:
    for path in ("/api/devices?sort=colour", "/api/findings?at_least=awful", "/api/devices?limit=0"):
        answer = filled.get(path)
        assert answer.status_code == 422
        assert isinstance(answer.json()["detail"], str)
    assert filled.get("/api/devices/none").status_code == 404


def test_an_empty_state_says_so(empty: TestClient) -> None:
    answer = empty.get("/api/devices")
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "Nothing has been recorded yet; read a capture first.",
    )


def test_the_map_draws_only_links_between_what_it_draws(filled: TestClient) -> None:
    drawn = filled.get("/api/map").json()
    known = {node["id"] for node in drawn["nodes"]} | {zone["id"] for zone in drawn["zones"]}
    for link in drawn["unusual"] + drawn["usual"]:
        assert {link["source"], link["target"]} <= known
    assert {(link["source"], link["target"]) for link in drawn["unusual"]} >= {(device_id(0), device_id(1))}
    places = {(node["x"], node["y"]) for node in drawn["nodes"]}
    assert len(places) == len(drawn["nodes"])


def test_rhythm_comes_as_columns_of_one_length(filled: TestClient) -> None:
    columns = filled.get(f"/api/devices/{device_id(0)}/rhythm").json()
    assert {len(column) for column in columns.values()} == {24}
    assert sum(columns["departed"]) == 2


def test_captures_are_refused_where_nothing_writes(filled: TestClient) -> None:
    answer = filled.post("/api/captures", files={"file": ("a.pcap", b"x")})
    assert answer.status_code == 503


def test_the_published_description_holds_no_pages(filled: TestClient) -> None:
    paths = filled.get("/api/openapi.json").json()["paths"]
    assert "/api/devices" in paths and "/devices" not in paths
