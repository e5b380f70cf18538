"""What stands: from the sign that shows it until it is repaired, not seen any more, or accepted for a time."""

from dataclasses import replace
from pathlib import Path

import pytest

from cordon import exposure
from cordon.model import snapshot
from cordon.model.device import DeviceEvent, Turn
from cordon.model.exposure import Acceptance, Exposure, Reach, Standing
from cordon.model.facts import Facts
from cordon.model.window import Window

from .making import DAY, HOUR, KNOWLEDGE, MINUTE, START, STEP, Made, run


def site() -> Made:
    return Made(camera="camera", desk="workstation", plug="smart-plug")


def telnet(times: list[int], ssh: list[int] | None = None) -> Made:
    made = site()
    for at in times:
        made.talk(at, "desk", "camera", 23, "telnet")
    for at in ssh or []:
        made.talk(at, "desk", "camera", 22, "ssh")
    return made


def of(told: tuple[Exposure, ...], check: str) -> list[Exposure]:
    return [one for one in told if one.check == check]


def test_an_exposure_stands_from_the_step_that_shows_it() -> None:
    _, told = run(telnet([MINUTE]))
    (one,) = of(told, "telnet-in-use")
    assert (one.device, one.standing, one.reach) == ("camera", Standing.OPEN, Reach.NETWORK)
    assert (one.began, one.seen, one.time) == (START + MINUTE, START + MINUTE + STEP, START + MINUTE + STEP)
    assert one.peers == ("desk",)
    assert one.rows is not None and dict(one.rows.where)["device"] == "camera"


def test_what_goes_on_is_told_once_an_hour() -> None:
    _, told = run(telnet([at * MINUTE for at in range(1, 150, 5)]))
    assert len(of(told, "telnet-in-use")) == 3
    assert {one.id for one in of(told, "telnet-in-use")} == {told[0].id}


def test_somebody_from_outside_makes_it_worse_at_once() -> None:
    made = telnet([MINUTE])
    made.talk(5 * MINUTE, "203.0.113.9", "camera", 23, "telnet")
    _, told = run(made)
    assert [one.reach for one in of(told, "telnet-in-use")] == [Reach.NETWORK, Reach.INTERNET]


def test_doing_it_properly_for_a_day_is_a_repair() -> None:
    _, told = run(telnet([MINUTE], ssh=[2 * HOUR, 20 * HOUR, 30 * HOUR]))
    first, last = of(told, "telnet-in-use")
    assert (last.standing, last.time) == (Standing.REPAIRED, START + 30 * HOUR + STEP)
    assert last.gone == "answers SSH instead"
    assert first.id == last.id


def test_silence_is_no_repair_but_not_seen_since() -> None:
    _, told = run(telnet([MINUTE]), until=15 * DAY)
    last = of(told, "telnet-in-use")[-1]
    assert (last.standing, last.time) == (Standing.UNSEEN, START + MINUTE + STEP + 14 * DAY)


def test_what_comes_back_stands_again_under_the_same_id() -> None:
    _, told = run(telnet([MINUTE, 40 * HOUR], ssh=[30 * HOUR]))
    ways = [(one.standing, one.began) for one in of(told, "telnet-in-use")]
    assert ways == [
        (Standing.OPEN, START + MINUTE),
        (Standing.REPAIRED, START + MINUTE),
        (Standing.OPEN, START + 40 * HOUR),
    ]


@pytest.mark.parametrize("steps", [1, 6, 360])
def test_the_length_of_windows_does_not_show(steps: int) -> None:
    made = telnet([MINUTE, 50 * MINUTE, 3 * HOUR, 15 * DAY + 5 * HOUR], ssh=[2 * HOUR, 16 * DAY + 6 * HOUR])
    made.login(MINUTE, "desk", "camera", word="admin")
    made.login(7 * HOUR, "desk", "camera", word="its-own-81")
    one, other = run(made, steps), run(made, 60)
    assert one[1] == other[1]
    assert one[0].standing == other[0].standing


def word(one: Exposure, until: int, *, withdrawn: bool = False) -> Acceptance:
    return Acceptance(one.site, one.id, "Ada", "it is replaced in spring", until, "owner", 5, withdrawn)


def told_after(state: exposure.State, *words: Acceptance) -> tuple[exposure.State, tuple[Exposure, ...]]:
    at = state.clock
    state, facts = exposure.step(state, Facts(Window("test", at, at), acceptances=words), knowledge=KNOWLEDGE)
    return state, facts.exposures


def test_a_person_may_live_with_it_until_a_day_that_they_name() -> None:
    state, told = run(telnet([MINUTE]))
    (one,) = of(told, "telnet-in-use")
    until = START + 3 * DAY + 7
    state, (accepted,) = told_after(state, word(one, until))
    assert accepted.standing is Standing.ACCEPTED and accepted.stands
    assert accepted.accepted is not None and accepted.accepted.owner == "Ada"
    later = Window("test", state.clock, START + 4 * DAY)
    _, facts = exposure.step(state, Facts(later), knowledge=KNOWLEDGE)
    (again,) = facts.exposures
    assert (again.standing, again.accepted) == (Standing.OPEN, None)
    assert again.time == START + 3 * DAY + STEP, "the end of the step in which it ran out"


def test_a_word_taken_back_leaves_nothing_behind() -> None:
    state, told = run(telnet([MINUTE]))
    (one,) = of(told, "telnet-in-use")
    state, _ = told_after(state, word(one, START + 9 * DAY))
    _, (back,) = told_after(state, word(one, 0, withdrawn=True))
    assert replace(back, time=one.time) == one


def test_a_word_of_what_is_not_there_changes_nothing() -> None:
    state, told = run(telnet([MINUTE]))
    _, nothing = told_after(state, replace(word(told[0], START + DAY), exposure="exposure-000000000000"))
    assert nothing == ()


def test_what_is_accepted_and_comes_again_stays_accepted() -> None:
    state, told = run(telnet([MINUTE]))
    state, _ = told_after(state, word(told[0], START + 90 * DAY))
    state, facts = exposure.step(state, Facts(Window("test", state.clock, START + 20 * DAY)), knowledge=KNOWLEDGE)
    assert [one.standing for one in facts.exposures] == [Standing.UNSEEN]
    assert facts.exposures[0].accepted is not None


def test_a_device_that_became_part_of_another_takes_its_exposures_along() -> None:
    state, told = run(telnet([MINUTE]))
    (one,) = of(told, "telnet-in-use")
    at = state.clock
    event = DeviceEvent("test", "plug", at + STEP, Turn.JOINED, other="camera")
    _, facts = exposure.step(state, Facts(Window("test", at, at + STEP), events=(event,)), knowledge=KNOWLEDGE)
    assert {(x.device, x.standing) for x in facts.exposures} == {
        ("camera", Standing.MOVED), ("plug", Standing.OPEN),
    }  # fmt: skip
    assert [x.began for x in facts.exposures] == [one.began] * 2


def test_the_state_goes_on_after_a_restart(tmp_path: Path) -> None:
    state, _ = run(telnet([MINUTE]))
    snapshot.save(state, tmp_path / "exposure")
    again = snapshot.load(exposure.State, tmp_path / "exposure")
    assert (again.standing, again.due, again.clock) == (state.standing, state.due, state.clock)


def test_no_device_fills_the_memory() -> None:
    made = site()
    for number in range(300):
        made.login(MINUTE, "desk", "camera", user=f"user{number}", word=f"user{number}")
    state, _ = run(made)
    assert len(state.standing) <= 48
