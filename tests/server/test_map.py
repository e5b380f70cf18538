"""The map stands still, fills its picture, and tells a fan of links as one."""

from dataclasses import replace
from itertools import combinations

import pytest
from entering import context_over
from example_site import device_id
from fastapi.testclient import TestClient

from cordon.server.console.drawing import Link, fans, organisation
from cordon.server.console.layout import Box, arrange

SITE = {"/Office": 35, "/Home": 19, "/Plant": 5, "/Not known": 3, "/Network": 2}
SITES = [SITE, {"/Office": 1}, {f"lan.{n}/Home": n for n in range(1, 12)}, {"/Home": 400}, {}]


def _apart(a: Box, b: Box) -> bool:
    return abs(a.x - b.x) * 2 >= a.width + b.width - 0.1 or abs(a.y - b.y) * 2 >= a.height + b.height - 0.1


@pytest.mark.parametrize("places", [0, 1, 12, 40])
@pytest.mark.parametrize(("width", "height"), [(1168, 702), (1900, 900), (358, 600), (328, 600)])
@pytest.mark.parametrize("zones", SITES, ids=lambda zones: str(sum(zones.values())))
def test_nothing_overlaps_and_nothing_leaves_the_picture(
    zones: dict[str, int], width: int, height: int, places: int
) -> None:
    layout = arrange(zones, places, width, height)
    assert all(_apart(a, b) for a, b in combinations(layout.boxes.values(), 2))
    for box in layout.boxes.values():
        assert box.x - box.width / 2 >= 0 and box.x + box.width / 2 <= width
        assert box.y - box.height / 2 >= 0 and box.y + box.height / 2 <= layout.height
    spots = [spot for many in layout.spots.values() for spot in many] + list(layout.places)
    assert len(spots) == sum(zones.values()) + places
    near = min((abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in combinations(spots, 2)), default=99.0)
    assert near >= 26


def test_marks_of_a_site_can_be_read_in_an_ordinary_window() -> None:
    layout = arrange(SITE, 12, 1168, 702)
    assert layout.mark >= 24
    assert layout.height <= 702


def test_the_map_is_asked_for_in_the_size_it_is_drawn(filled: TestClient) -> None:
    wide, narrow = filled.get("/api/map?width=1168&height=702").json(), filled.get("/api/map?width=358").json()
    assert {node["id"] for node in wide["nodes"]} == {node["id"] for node in narrow["nodes"]}
    assert all(0 < node["x"] < 358 for node in narrow["nodes"])
    assert filled.get("/api/map?width=1").status_code == 422


def test_a_fan_of_links_is_one_row_of_the_table(filled: TestClient) -> None:
    text = filled.get("/map").text
    assert "5 devices</summary>" in text
    assert text.count("opened Telnet to 5 devices") == 1


def test_links_of_one_finding_from_one_end_belong_together() -> None:
    first = Link("a", "b", "A", "B", "", "", "telnet", "finding-1", "spread", "confirmed")
    links = (first, replace(first, target="c"), replace(first, finding="finding-2"), replace(first, source="d"))
    assert [len(fan.links) for fan in fans(links)] == [2, 1, 1]


def test_a_place_asked_for_by_an_address_is_called_by_its_own() -> None:
    assert organisation("192.168.40.21", "84.205.81.36") == "84.205.81.36"
    assert organisation("www.example.co.uk", "192.0.2.1") == "example.co.uk"


def test_what_was_summed_up_is_kept_until_something_is_written(filled_state, tmp_path) -> None:
    context = context_over(filled_state)
    store = context.store
    assert store is not None
    first = context.kept.get(store, "map", object)
    assert context.kept.get(store, "map", object) is first
    assert context.kept.get(store, device_id(0), object) is not first
    for number in range(200):
        context.kept.get(store, str(number), object)
    assert context.kept.get(store, "map", object) is not first
    context.forget()
