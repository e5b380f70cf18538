"""Devices that say nothing are told by how they speak: what counts, what must not, and when nothing is said."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from cordon.devices import State, step
from cordon.devices.behaviour import Model, alike, listen, load, tokens
from cordon.devices.behaviour.features import NAMES, features, symbols
from cordon.devices.behaviour.forest import Forest
from cordon.devices.behaviour.listening import ASKED_AT
from cordon.model.facts import Facts
from cordon.model.tables import SECOND, STEP, TABLES, plain_row
from cordon.model.window import Window

MAC, OTHER = "02:00:00:00:00:07", "02:00:00:00:00:08"
TALKER = {"ether": 0x0800, "proto": 17, "ttl": 64, "src_port": 50123, "dst_port": 53, "size": 80, "payload": 38}
LISTENER = {"ether": 0x0806, "size": 60, "payload": 28, "cast": "broadcast"}


def heads(head: dict[str, object], count: int, mac: str = MAC, begin: int = 0) -> pl.DataFrame:
    """So many packets of one sender, a second apart."""
    rows = [
        plain_row("heads")
        | {"step": at - at % STEP, "time": at, "segment": "lan", "mac": mac, "gap": SECOND, "cast": "unicast"}
        | head
        for at in (begin + place * SECOND for place in range(count))
    ]
    return pl.DataFrame(rows, schema=TABLES["heads"], orient="row")


def model() -> Model:
    """Knows one that asks for names and one that asks by ARP: a tree with one question."""
    one, other = features(heads(TALKER, 1)), features(heads(LISTENER, 1))
    forest = Forest(
        roots=np.array([0], dtype=np.int32),
        feature=np.array([NAMES.index("proto"), 0, 0], dtype=np.int16),
        threshold=np.array([8, 0, 0], dtype=np.float32),
        left=np.array([1, ~0, ~1], dtype=np.int32),
        right=np.array([2, -1, -1], dtype=np.int32),
        shares=np.array([[0, 1], [1, 0]], dtype=np.float32),
    )
    return Model(
        labels=("Maker|camera", "Other|sensor"),
        forest=forest,
        known=(np.unique(symbols(one)), np.unique(symbols(other))),
        vocabulary={"dns.query=a": 0},
        present=np.array([[0.9], [0.1]]),
        rarity=np.array([1.0]),
    )


def test_nothing_that_tells_one_device_from_another_of_its_type_is_a_feature() -> None:
    assert not {"mac", "segment", "time", "step"} & set(NAMES)
    here, there = heads(TALKER, 3), heads(TALKER | {"src_port": 61234}, 3, OTHER, begin=900 * SECOND)
    assert np.array_equal(features(here), features(there)), "another address, another time, another port of its own"
    assert not np.array_equal(features(here), features(heads(TALKER | {"dst_port": 123}, 3)))


def test_packets_alike_have_one_symbol_whatever_they_hold() -> None:
    same = heads(TALKER | {"entropy": 4000, "gap": 7}, 1)
    assert symbols(features(same)) == symbols(features(heads(TALKER | {"entropy": 2000}, 1)))
    assert symbols(features(same)) != symbols(features(heads(LISTENER, 1)))


def test_a_known_way_of_speaking_is_named_and_a_strange_one_refused() -> None:
    known = model()
    assert known.answer(features(heads(TALKER, 20))).label == "Maker|camera"
    assert known.answer(features(heads(TALKER, 20))).fits == 2
    strange = features(heads(TALKER | {"size": 999, "dst_port": 7777}, 20))
    assert known.answer(strange).fits == 1, "no such packet was ever seen"
    votes, opinions = listen(known, {}, heads(TALKER | {"size": 999, "dst_port": 7777}, 20))
    assert opinions == [] and votes[f"lan|{MAC}"].packets == 20


def test_what_a_device_says_of_itself_counts_too() -> None:
    mixed = features(pl.concat([heads(TALKER, 5), heads(LISTENER, 5)]))
    said = model().answer(mixed, frozenset({"dns.query=a"}))
    assert said.label == "Maker|camera"
    assert 0.5 < said.probability < 1


@pytest.mark.parametrize("cut", [1, 7, 13, 50])
def test_opinions_do_not_depend_on_how_windows_are_cut(cut: int) -> None:
    spoken = pl.concat([heads(TALKER, 70), heads(LISTENER, 30, OTHER)]).sort("time", "mac")
    whole = listen(model(), {}, spoken)
    votes, opinions = {}, []
    ends = [*range(0, spoken.height, cut), spoken.height]
    for begin, end in pairwise(ends):
        votes, more = listen(model(), votes, spoken[begin:end])
        opinions += more
    assert votes == whole[0]
    assert sorted(map(str, opinions)) == sorted(map(str, whole[1]))
    assert [one.label for one in whole[1] if one.mac == MAC] == ["Maker|camera"] * 2, f"asked at {ASKED_AT}"


def test_a_model_survives_being_written_and_read() -> None:
    again = Model.of(model().plain())
    numbers = features(heads(TALKER, 20))
    assert again.answer(numbers) == model().answer(numbers)


@pytest.mark.parametrize(
    ("place", "value"), [("left", [5, -1, -2]), ("feature", [99, 0, 0]), ("roots", [-1]), ("right", [2, -9, -1])]
)
def test_a_model_that_points_outside_itself_is_refused(place: str, value: list[int]) -> None:
    plain = model().plain()
    plain["forest"][place] = value
    with pytest.raises(ValueError, match="outside itself"):
        Model.of(plain)
    with pytest.raises(ValueError, match="format 9"):
        Model.of(plain | {"format": 9})


def test_the_shipped_model_is_whole_and_speaks_of_kinds_alone() -> None:
    shipped = load()
    assert len(shipped.labels) > 10 and all(label.count("|") == 1 for label in shipped.labels)
    assert shipped.vocabulary == {}, "by behaviour alone"
    strange = shipped.answer(features(heads(TALKER | {"dst_port": 7777, "size": 1}, 40)))
    assert strange.fits < 1.6


def test_tokens_keep_the_prefix_of_an_address_and_nothing_else_of_one_device() -> None:
    said = [
        ("dhcp.hostname", "Lightify-84A1B2C3"),
        ("mdns.name", "hue-0017884F2A.local"),
        ("ssdp.usn", "uuid:2f402f80-da50-11e1-9b23-001788102201"),
        ("http.server", "cam 10.0.0.9 00:17:88:10:22:01"),
        ("ip", "10.0.0.9"),
        ("dhcp.params", "1,3,6,15"),
    ]
    found = tokens(said, "00:17:88:10:22:01")
    assert found == {
        "dhcp.hostname=lightify-#",
        "mdns.name=hue-#.local",
        "http.server=cam @ @",
        "dhcp.params=1,3,6,15",
        "oui=00:17:88",
    }
    assert not any("22:01" in token or "10.0.0.9" in token for token in found)
    assert tokens([], "02:17:88:10:22:01") == frozenset(), "an address that was made up has no vendor"


def test_devices_of_one_type_are_alike_and_others_are_not() -> None:
    one = tokens([("dhcp.hostname", "Cam-0A11"), ("dhcp.params", "1,3")], "00:17:88:00:00:01")
    same = tokens([("dhcp.hostname", "Cam-77B2"), ("dhcp.params", "1,3")], "00:17:88:00:00:02")
    other = tokens([("dhcp.hostname", "printer"), ("dhcp.params", "6")], "00:11:22:00:00:02")
    assert alike(one, same) == 1 and alike(one, other) == 0 == alike(frozenset(), frozenset())


def test_the_stage_takes_an_opinion_as_one_piece_of_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cordon.devices.behaviour.load", model)  # a small model in place of the shipped one
    sighting = plain_row("sightings") | {"segment": "lan", "mac": MAC, "field": "mac"}
    seen = pl.DataFrame([sighting], schema=TABLES["sightings"], orient="row")
    window = Window("s", 0, 100 * SECOND, {"heads": heads(TALKER, 20), "sightings": seen})
    _, facts = step(State(), Facts(window))
    device = facts.devices[-1]
    assert (device.kind.value, device.vendor.value) == ("camera", "Maker")
    assert {piece.field for piece in device.kind.evidence} == {"behaviour"}
    assert device.kind.confidence < 600, "never sure by behaviour alone"
