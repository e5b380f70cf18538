"""What is normal, and people's word on findings, on the command line: shown, kept, listed, taken back, refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from record_site import CAMERA, FINDING, NOON, PRINTER, made, window
from running import Cordon

from cordon.model.baseline import Baseline, Habit, Measure, What
from cordon.model.facts import Facts
from cordon.model.finding import Rows, Severity
from cordon.model.tables import DAY, HOUR, MINUTE, STEP
from cordon.store import Store

ODD = replace(
    FINDING, id="finding-00000000000b", detector="new-destination", device=PRINTER, severity=Severity.LOW,
    peers=(CAMERA,),
    measured=(("destination", "odd.example"),), rows=Rows("talks", NOON, NOON + STEP, (("peer", "203.0.113.9"),)),
)  # fmt: skip
NORMAL = Baseline(
    CAMERA, "site", NOON, NOON - 6 * HOUR, 6, 620, "camera", 3,
    (
        Habit(What.PLACE, "maker.example", 900, NOON - HOUR, NOON, 1, 2, MINUTE, 980),
        Habit(What.PLACE, "clock.example", 350, kin=2),
        Habit(What.PEER, PRINTER, 500, NOON - HOUR, NOON, 1),
        Habit(What.OPERATION, "modbus write single register 10.0.0.7 4", 500, NOON, NOON, 1, low="0.5", high="9"),
    ),
    (
        Measure("bytes sent", 900, 1_000, 2_000),
        Measure("bytes got", 90, 100, 200),
        Measure("bytes sent", 1, 2, 3, hour=9),
    ),
)  # fmt: skip


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    folder = made(tmp_path / "state")
    with Store.open(folder, write=True) as store:
        store.save(Facts(window(), findings=(ODD,), baselines=(NORMAL,)))
    return Cordon(folder, capsys)


def test_what_is_normal_is_said_in_words_and_tables(cordon: Cordon) -> None:
    said = cordon.on_state("baseline", "lobby-camera").out
    for words in (
        "talks to 1 place on the Internet, mostly every 60 s",
        "sends about 1.0 kB and gets about 100 B an hour",
        "1 thing more is usual for its kind",
        "6 hours",
        "62 % sure",
        "3 others like it (camera)",
        "every 60 s",
        "2 others of its kind",
        "0.5 to 9",
        "09:00",
    ):
        assert words in said
    assert "device-" not in said, "peers are named"


def test_what_is_normal_is_printed_for_programs_and_exported(cordon: Cordon, tmp_path: Path) -> None:
    told = cordon.on_state("baseline", "lobby-camera", "--json").json("baseline")
    assert (told["learned"], told["hours"], told["habits"][0]["period"]) == (True, 6, 60.0)
    ended = cordon.on_state("baseline", "lobby-camera", "--export", tmp_path / "normal.json")
    assert (ended.status, ended.out) == (0, "")
    assert json.loads((tmp_path / "normal.json").read_text(encoding="utf-8")) == told


def test_device_of_which_nothing_is_learned_says_what_it_takes(cordon: Cordon) -> None:
    assert "it takes a whole hour of traffic" in cordon.on_state("baseline", PRINTER).out
    assert cordon.on_state("baseline", PRINTER, "--json").json("baseline")["learned"] is False


def test_baseline_refuses_in_a_sentence(cordon: Cordon, tmp_path: Path) -> None:
    assert "No device answers to" in cordon.on_state("baseline", "nobody").err
    ended = cordon.on_state("baseline", "lobby-camera", "--export", tmp_path / "no" / "where.json")
    assert (ended.status, "cannot be written" in ended.err) == (2, True)


def said(cordon: Cordon, verb: str, *more: str) -> dict[str, object]:
    one = cordon.on_state(verb, ODD.id, "--owner", "Ada", "--reason", "its maker moved", *more, "--json")
    told: dict[str, object] = one.json("reject")
    return told


def test_finding_is_accepted_listed_and_taken_back(cordon: Cordon) -> None:
    told = said(cordon, "accept", "--only", "odd.example")
    assert (told["fine"], told["scope"], told["about"]) == (True, "device", "odd.example")
    assert accepted(cordon) == {told["id"], ""}
    assert "its maker moved" in cordon.on_state("verdicts").out
    assert "Taken back" in cordon.on_state("accept", ODD.id, "--undo").out
    assert cordon.on_state("verdicts", "--json").json("verdicts") == []
    every = cordon.on_state("verdicts", "--all", "--json").json("verdicts")
    assert [one["withdrawn"] for one in every] == [False, True]
    assert accepted(cordon) == {""}


def accepted(cordon: Cordon) -> set[object]:
    return {one["accepted"] for one in cordon.on_state("findings", "--json").json("findings")}


def test_finding_is_rejected_and_the_latest_word_holds(cordon: Cordon) -> None:
    assert said(cordon, "reject", "--only", "odd.example")["fine"] is False
    assert said(cordon, "accept", "--only", "odd.example")["fine"] is True
    (one,) = cordon.on_state("verdicts", "--json").json("verdicts")
    assert one["fine"] is True
    assert said(cordon, "accept", "--for", "site")["whose_name"] == "the whole site"
    assert len(cordon.on_state("verdicts", "--json").json("verdicts")) == 2


def test_verdict_holds_for_ninety_days_of_the_traffic_where_nobody_says(cordon: Cordon) -> None:
    with Store.open(cordon.state) as store:
        reached = store.as_of()
    said(cordon, "accept")
    with Store.open(cordon.state) as store:
        (word,) = store.verdicts()
    assert reached + 90 * DAY <= word.until <= reached + 91 * DAY


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accept", ODD.id, "--reason", "x"), "who answers for it"),
        (("accept", ODD.id, "--owner", "Ada"), "why it is accepted"),
        (("accept", ODD.id, "--owner", "Ada", "--reason", "x", "--until", "500d"), "within a year"),
        (("accept", ODD.id, "--owner", "Ada", "--reason", "x", "--for", "planet"), "device, kind or site"),
        (("accept", ODD.id, "--owner", "Ada", "--reason", "x", "--only", "other.example"), "does not speak of"),
        (("reject", ODD.id, "--owner", "Ada", "--reason", "x"), "Say what is not normal"),
        (("accept", ODD.id, "--undo"), "Nobody said anything"),
        (("reject", "finding-x", "--owner", "Ada", "--reason", "x"), "There is no finding"),
        (("accept", "finding-x", "--owner", "Ada", "--reason", "x"), "There is no finding"),
    ],
)
def test_what_cannot_be_said_is_one_sentence(cordon: Cordon, arguments: tuple[str, ...], says: str) -> None:
    ended = cordon.on_state(*arguments)
    assert (ended.status, says in ended.err) == (2, True), ended.err
    assert cordon.on_state("verdicts", "--all", "--json").json("verdicts") == []
