"""What was saved is what is read, sorted and filtered by the record itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from record_site import (
    CAMERA,
    CHANGE,
    DECISION,
    DEVICES,
    FINDING,
    INCIDENT,
    NOON,
    PRINTER,
    ROUTER,
    SOURCE,
    TRUSTS,
    facts,
    made,
    presence,
    window,
)  # fmt: skip

from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.tables import HOUR, STEP
from cordon.model.trust import Band, Trust
from cordon.store import DEVICE_SORTS, NEXT, SEES, AmbiguousError, DeviceQuery, FindingQuery, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(made(tmp_path / "state"))


def ids(store: Store, **asked: object) -> list[str]:
    return [view.device.id for view in store.devices(DeviceQuery(**asked)).items]  # type: ignore[arg-type]


def test_a_device_comes_back_whole_with_what_stands_beside_it(store: Store) -> None:
    view = store.device(CAMERA)
    assert view is not None
    assert view.device == DEVICES[0]
    assert view.trust == TRUSTS[1]
    assert view.presence is not None
    assert (view.presence.packets, view.presence.unicast_out, view.presence.unicast_in) == (20, 5, 4)
    assert (view.findings, view.latest_finding, view.worst_severity) == (1, FINDING.id, Severity.HIGH)
    assert [cell.hour for cell in view.rhythm] == [NOON - HOUR * back for back in range(23, -1, -1)]
    assert (view.rhythm[-1].bytes_out, view.rhythm[0].bytes_out) == (500, 0)


@pytest.mark.parametrize(
    "asked",
    [
        CAMERA,
        CAMERA.removeprefix("device-"),
        "02:00:00:00:00:0A",
        "02-00-00-00-00-0a",
        "10.0.0.9",
        "fe80::a",
        "lobby-camera",
    ],
)
def test_a_device_answers_to_its_id_addresses_and_names(store: Store, asked: str) -> None:
    view = store.device(asked)
    assert view is not None
    assert view.device.id == CAMERA


def test_an_unknown_name_is_nobody(store: Store) -> None:
    assert store.device("10.0.0.99") is None
    assert store.device("") is None


def test_a_name_that_two_devices_have_is_told_with_both(tmp_path: Path) -> None:
    with Store.open(tmp_path, write=True) as store:
        twins = tuple(replace(device, names=("twin",)) for device in DEVICES[:2])
        store.save(Facts(window(), devices=twins))
        with pytest.raises(AmbiguousError, match=f"{CAMERA}.*{PRINTER}"):
            store.device("TWIN")


def test_devices_are_sorted_by_number_where_they_are_numbers(store: Store) -> None:
    assert ids(store, sort="ip") == [ROUTER, CAMERA, PRINTER]
    assert ids(store, sort="packets", descending=True) == [CAMERA, PRINTER, ROUTER]
    assert ids(store, sort="last_seen") == [ROUTER, CAMERA, PRINTER]


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_not_known_comes_last_whichever_way_round(store: Store, descending: bool) -> None:
    for sort in ("trust", "band", "kind"):
        assert ids(store, sort=sort, descending=descending)[-1] == ROUTER


@pytest.mark.parametrize("sort", DEVICE_SORTS)
def test_every_column_sorts_and_pages(store: Store, sort: str) -> None:
    whole = ids(store, sort=sort)
    assert sorted(whole) == [CAMERA, PRINTER, ROUTER]
    page = store.devices(DeviceQuery(sort=sort, offset=1, limit=1))
    assert ([view.device.id for view in page.items], page.total, page.offset) == (whole[1:2], 3, 1)


def test_an_unknown_column_is_refused_with_those_there_are(store: Store) -> None:
    with pytest.raises(ValueError, match="name, vendor, kind"):
        store.devices(DeviceQuery(sort="colour"))


def test_devices_are_filtered_by_text_kind_vendor_band_and_segment(store: Store) -> None:
    assert ids(store, text="AXIS lobby") == [CAMERA]
    assert ids(store, text="%") == []
    assert ids(store, kind="printer") == [PRINTER]
    assert ids(store, kind="unknown") == [ROUTER]
    assert set(ids(store, vendor="unknown")) == {PRINTER, ROUTER}
    assert ids(store, band="cordoned") == [CAMERA]
    assert ids(store, band="unknown") == [ROUTER]
    assert ids(store, segment="lan.7") == [ROUTER]


def test_findings_are_filtered_and_come_back_whole(store: Store) -> None:
    assert store.findings().items == (FINDING,)
    assert store.finding(FINDING.id) == FINDING
    assert store.finding("finding-x") is None
    assert store.findings(FindingQuery(at_least=Severity.CRITICAL)).total == 0
    assert store.findings(FindingQuery(device=CAMERA, detector="telnet-spread", text="TELNET")).total == 1
    assert store.findings(FindingQuery(since=NOON + STEP + 1)).total == 0
    assert store.findings(FindingQuery(until=NOON + STEP)).total == 0


def test_all_other_facts_come_back_whole(store: Store) -> None:
    assert store.trust_history(CAMERA) == TRUSTS[:2]
    assert store.decisions(CAMERA) == (DECISION,)
    assert store.decision("decision-1") == DECISION
    assert store.changes(device=CAMERA) == store.changes(decision="decision-1") == store.changes() == (CHANGE,)
    assert store.incidents(open_only=True) == store.incidents(device=CAMERA) == (INCIDENT,)
    assert store.incidents(device=PRINTER) == ()
    assert store.incident("incident-1") == INCIDENT
    assert store.sources() == (SOURCE,)
    assert store.profile(CAMERA) is None
    assert store.device_names([CAMERA, "nobody"]) == {CAMERA: "Lobby-Camera"}
    assert [binding.device for binding in store.bindings(CAMERA)] == [CAMERA]


def test_the_site_in_numbers(store: Store) -> None:
    totals = store.totals()
    assert totals.devices == 3
    assert totals.bands == {"normal": 1, "usual-only": 0, "essentials-only": 0, "cordoned": 1, "": 1}
    assert totals.findings == {"info": 0, "low": 0, "medium": 0, "high": 1, "critical": 0}
    assert (totals.incidents, totals.open_incidents) == (1, 1)
    assert (totals.first, totals.last, store.as_of()) == (NOON, NOON + STEP, NOON + STEP)
    assert [(facet.value, facet.devices) for facet in store.kinds()] == [("", 1), ("camera", 1), ("printer", 1)]
    assert [(facet.value, facet.devices) for facet in store.segments()] == [("lan", 2), ("lan.7", 1)]


def test_coverage_tells_who_is_seen_both_ways_one_way_or_in_broadcasts_only(store: Store) -> None:
    lan, tagged = store.coverage()
    assert (lan.segment, lan.both_ways, lan.one_way, lan.group_only) == ("lan", 1, 1, 0)
    assert (lan.packets, lan.sources, lan.damaged) == (4, ("office.pcap",), {"ipv4: cut": 2})
    assert (tagged.segment, tagged.both_ways, tagged.one_way, tagged.group_only) == ("lan.7", 0, 0, 1)
    assert (lan.sees, lan.next, tagged.next) == (("packets",), "both ways", "mirror")


def test_coverage_tells_what_kinds_of_source_there_are_and_what_would_tell_more(tmp_path: Path) -> None:
    with Store.open(made(tmp_path / "state"), write=True) as store:
        (capture,) = store.sources()
        store.save_source(replace(capture, id="source-2", name="netflow", label="NetFlow"))
        store.save_source(replace(capture, id="source-3", name="netflow", label="NetFlow", segment="plant"))
        told = {seen.segment: seen for seen in store.coverage()}
        assert told["lan"].sees == ("packets", "flow records")
        assert (told["plant"].sees, told["plant"].next) == (("flow records",), "anything")
        assert set(told["plant"].sees) <= set(SEES) and {seen.next for seen in told.values()} <= set(NEXT)


def test_a_newer_fact_replaces_the_older_and_counters_add_up(tmp_path: Path) -> None:
    with Store.open(made(tmp_path / "state"), write=True) as store:
        renamed = replace(DEVICES[0], names=("Door-Camera",), time=NOON + STEP)
        trust = Trust(CAMERA, "site", NOON + 2 * STEP, 120, 0, Band.CORDONED, (), False)
        store.save(Facts(window(), devices=(renamed,), presence=presence((CAMERA, NOON + STEP, 3)), trusts=(trust,)))
        view = store.device("door-camera")
        assert view is not None and view.presence is not None and view.trust is not None
        assert (view.presence.packets, view.presence.last_seen, view.presence.steps) == (23, NOON + STEP, 2)
        assert (view.trust.score, view.findings) == (120, 1)
        assert store.device("lobby-camera") is None
        assert len(store.trust_history(CAMERA)) == 3


def test_a_device_that_was_only_spoken_to_has_no_times_until_it_is_heard(tmp_path: Path) -> None:
    unheard = (
        presence((CAMERA, NOON, 2))
        .with_columns(first_seen=None, last_seen=None)
        .cast({"first_seen": int, "last_seen": int})
    )
    with Store.open(tmp_path, write=True) as store:
        store.save(Facts(window(), devices=DEVICES[:1], presence=unheard))
        view = store.device(CAMERA)
        assert view is not None and view.presence is not None
        assert (view.presence.first_seen, view.presence.last_seen, view.presence.packets) == (0, 0, 2)
        store.save(Facts(window(), presence=presence((CAMERA, NOON + 7, 1))))
        store.save(Facts(window(), presence=unheard))
        view = store.device(CAMERA)
        assert view is not None and view.presence is not None
        assert (view.presence.first_seen, view.presence.last_seen, view.presence.packets) == (NOON, NOON + 7, 5)


def test_readers_see_whole_saves_beside_the_writer(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    with Store.open(folder) as reader, Store.open(folder, write=True) as writer:
        writer.save(Facts(window(), devices=(replace(DEVICES[0], id="device-new", macs=()),)))
        assert reader.totals().devices == 4


def test_the_same_facts_make_the_same_record(tmp_path: Path) -> None:
    one, two = (Store.open(made(tmp_path / name)) for name in ("one", "two"))
    assert one.devices() == two.devices()
    assert one.history("flows").collect().equals(two.history("flows").collect())


def test_a_damaged_fact_is_told_with_its_place(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    from cordon.store import StateError  # noqa: PLC0415

    folder = made(tmp_path / "state")
    with sqlite3.connect(folder / "record.sqlite") as connection:
        connection.execute("update finding set fact = '{\"id\": 1}'")
    with pytest.raises(StateError, match=f"finding {FINDING.id}.*Finding.id"):
        Store.open(folder).findings()
    assert facts().findings == (FINDING,)
