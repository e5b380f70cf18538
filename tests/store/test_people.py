"""What people say of devices: it is never lost, stands before what was discovered, and is found again."""

from dataclasses import replace
from pathlib import Path

import pytest
from record_site import CAMERA, DEVICES, NOON, PRINTER, made, window

from cordon.model.device import Attribute, Device, Evidence
from cordon.model.edit import Edit
from cordon.model.facts import Facts
from cordon.model.ids import derive
from cordon.store import DeviceQuery, Heard, Imported, Question, StateError, Store

TIME = NOON + 1
AXIS = tuple(Evidence(field, "x", "Axis", 900, source, NOON) for field, source in (("oui", "oui"), ("dhcp", "axis-1")))


def edit(field: str, value: str, device: str = CAMERA, time: int = TIME, withdrawn: bool = False) -> Edit:
    return Edit("site", device, field, value, "owner", time, "I mounted it", withdrawn)


def facts(**of_step: tuple[object, ...]) -> Facts:
    return Facts(window(), **of_step)  # type: ignore[arg-type]  # named after its fields


def shown(store: Store, device: str = CAMERA) -> Device:
    view = store.device(device)
    assert view is not None
    return view.device


def test_a_word_stands_before_what_was_discovered_until_it_is_withdrawn(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.tell([edit("kind", "doorbell"), edit("name", "Front door")])
        device = shown(store)
        assert (device.kind.value, device.kind.confidence, device.name) == ("doorbell", 1000, "Front door")
        assert device.kind.evidence[0].source == "owner"
        assert device.kind.evidence[1:] == DEVICES[0].kind.evidence, "what was seen is still there to be asked for"
        assert [v.device.id for v in store.devices(DeviceQuery(kind="doorbell")).items] == [CAMERA]
        store.tell([edit("kind", "", time=TIME + 1, withdrawn=True)])
        assert shown(store).kind == DEVICES[0].kind
        assert shown(store).name == "Front door"


def test_a_newer_fact_of_the_device_does_not_undo_a_word(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.tell([edit("kind", "doorbell")])
        store.save(facts(devices=(replace(DEVICES[0], time=NOON + 5, vendor=Attribute("Bosch", 990)),)))
        assert (shown(store).kind.value, shown(store).vendor.value) == ("doorbell", "Bosch")
        assert store.kinds()[0].value in {"doorbell", "printer", ""}


def test_every_change_is_kept_with_who_when_and_why(tmp_path: Path) -> None:
    said = [edit("owner", "Ada"), edit("owner", "Bob", time=TIME + 1), edit("owner", "", time=TIME + 2, withdrawn=True)]
    with Store.open(made(tmp_path), write=True) as store:
        for one in said:
            store.tell([one])
        store.tell([said[0]])  # handed over twice, kept once
        assert store.edits(CAMERA) == tuple(said)
        assert store.edits(PRINTER) == ()
    with Store.open(tmp_path) as store:
        assert store.edits() == tuple(said)
        with pytest.raises(StateError, match="reading only"):
            store.tell(said)


def test_edits_among_the_facts_of_a_step_are_kept_like_others(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.save(facts(edits=(edit("zone", "cameras"),)))
        assert store.edits() == (edit("zone", "cameras"),)


def test_what_people_fill_in_is_searched_filtered_and_counted(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.tell([edit("location", "Lobby"), edit("tags", "poe, outdoor,poe"), edit("notes", "Key in the safe")])
        store.tell([edit("location", "Office", PRINTER), edit("tags", "poe", PRINTER)])

        def asked(**query: str) -> list[str]:
            return [view.device.id for view in store.devices(DeviceQuery(**query)).items]

        assert asked(location="Lobby") == [CAMERA]
        assert asked(text="safe key") == [CAMERA]
        assert set(asked(tag="poe")) == {CAMERA, PRINTER}
        assert asked(tag="outdoor") == [CAMERA]
        assert len(asked(owner="unknown")) == 3
        assert asked(sort="location")[:2] == [CAMERA, PRINTER], "not known comes last"
        assert {facet.value: facet.devices for facet in store.places()["tag"]} == {"poe": 2, "outdoor": 1}
        view = store.device(CAMERA)
        assert view is not None
        assert view.tags == ("poe", "outdoor")


def test_firmware_is_remembered_with_when_it_was_first_found(tmp_path: Path) -> None:
    old, new = Attribute("9.80", 900, AXIS), Attribute("10.1", 900, AXIS)
    with Store.open(made(tmp_path), write=True) as store:
        for at, firmware in enumerate((old, old, new, old)):
            store.save(facts(devices=(replace(DEVICES[0], time=NOON + at, firmware=firmware),)))
        store.tell([edit("firmware", "said")])
        found = [(v.value, v.time - NOON) for v in store.versions(CAMERA) if v.field == "firmware"]
        assert found == [("9.80", 0), ("10.1", 2), ("9.80", 3)]


def alike(at: int, mac: str, **said: Attribute) -> Device:
    return Device(f"device-00000000010{at}", "site", NOON, NOON, (mac,), (), (), segment="lan", vendor=Attribute("Axis", 900, AXIS), **said)  # fmt: skip # noqa: E501


def test_devices_alike_are_asked_about_once_and_never_relabelled_silently(tmp_path: Path) -> None:
    one, two, other = alike(1, "00:40:8c:00:00:01"), alike(2, "00:40:8c:00:00:02"), alike(3, "00:50:8c:00:00:03")
    with Store.open(made(tmp_path), write=True) as store:
        store.save(facts(devices=(one, two, other)))
        assert store.alike(one.id) == (two.id,)
        store.tell([edit("kind", "camera", one.id)])
        (question,) = store.questions()
        assert (question.device, question.field, question.value, question.like) == (two.id, "kind", "camera", one.id)
        assert shown(store, two.id).kind.value == ""
        store.answer(replace(question, answer="no", who="owner", answered=TIME))
        assert store.questions() == ()
        store.tell([edit("kind", "camera", one.id, TIME + 1)])
        assert store.questions() == (), "an answer is remembered"


def test_a_question_goes_when_the_word_is_taken_back_or_somebody_names_the_device(tmp_path: Path) -> None:
    one, two = alike(1, "00:40:8c:00:00:01"), alike(2, "00:40:8c:00:00:02")
    with Store.open(made(tmp_path), write=True) as store:
        store.save(facts(devices=(one, two)))
        store.tell([edit("kind", "camera", one.id)])
        store.tell([edit("kind", "", one.id, TIME + 1, withdrawn=True)])
        assert store.questions() == ()
        store.tell([edit("kind", "camera", one.id, TIME + 2)])
        store.tell([edit("kind", "nvr", two.id, TIME + 3)])
        assert [q for q in store.questions() if q.device == two.id] == []


def test_devices_nobody_could_name_are_asked_about_until_somebody_said_that_nobody_knows(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        assert store.nameless() == 1
        store.answer_nameless("owner", TIME)
        assert store.nameless() == 0
        store.save(facts(devices=(Device("device-9", "site", NOON, NOON, ("02:00:00:00:00:99",), (), ()),)))
        assert store.nameless() == 1, "a new one is a new question"


def imported(mac: str, segment: str = "lan") -> Imported:
    id = derive("device", "site", segment, mac)
    device = Device(id, "site", TIME, 0, (mac,), (), (), segment=segment)
    heard = (Heard(id, "vendor", "Ubiquiti", "leases", TIME), Heard(id, "name", "ap-1", "leases", TIME))
    return Imported((device,), (edit("location", "Roof", id),), heard)


def test_a_device_only_an_import_speaks_of_is_kept_as_such(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.take_in(imported("02:00:00:00:01:01"))
        (view,) = store.devices(DeviceQuery(known="import")).items
        assert (view.known, view.device.name, view.device.vendor.value) == ("import", "ap-1", "Ubiquiti")
        assert view.device.vendor.evidence[0].source == "leases"
        assert (view.presence, view.said("location")) == (None, "Roof")
        assert all(seen.group_only + seen.both_ways + seen.one_way < 3 for seen in store.coverage())


@pytest.mark.parametrize("segment", ["lan", "lan.7"])
def test_a_device_of_an_import_that_is_seen_later_is_the_same_device(tmp_path: Path, segment: str) -> None:
    mac = "02:00:00:00:01:01"
    id = derive("device", "site", segment, mac)
    with Store.open(made(tmp_path), write=True) as store:
        store.take_in(imported(mac))
        seen = Device(
            id, "site", NOON, NOON, (mac,), ("10.0.0.77",), (), segment=segment, vendor=Attribute("UBNT", 900)
        )
        store.save(facts(devices=(seen,)))
        assert store.devices(DeviceQuery(known="import")).total == 0
        view = store.device(mac)
        assert view is not None
        assert (view.device.id, view.said("location"), view.device.vendor.value) == (id, "Roof", "UBNT")
        assert [one.device for one in store.edits()] == [id]


def test_hearsay_never_stands_before_what_was_discovered_or_said(tmp_path: Path) -> None:
    heard = (Heard(CAMERA, "vendor", "Unknown Ltd", "leases", TIME), Heard(CAMERA, "model", "M1", "leases", TIME))
    with Store.open(made(tmp_path), write=True) as store:
        store.take_in(Imported(heard=heard))
        assert (shown(store).vendor.value, shown(store).model.value) == ("Axis", "M1")
        assert shown(store).name == "Lobby-Camera"
        store.tell([edit("model", "P3245")])
        assert shown(store).model.value == "P3245"


def test_a_device_that_was_joined_with_another_is_in_no_list(tmp_path: Path) -> None:
    with Store.open(made(tmp_path), write=True) as store:
        store.save(facts(devices=(replace(DEVICES[1], macs=(), ips=(), names=()),)))
        assert PRINTER not in [view.device.id for view in store.devices().items]
        assert store.totals().devices == 2
        view = store.device(PRINTER)
        assert view is not None
        assert view.known == "gone"


def test_an_answer_is_kept_though_the_question_came_from_a_page_that_was_old(tmp_path: Path) -> None:
    question = Question(CAMERA, "kind", "nvr", PRINTER, TIME, "no", "owner", TIME)
    with Store.open(made(tmp_path), write=True) as store:
        store.answer(question)
        assert store.questions() == ()
