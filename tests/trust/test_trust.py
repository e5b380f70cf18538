"""Trust falls in one step, comes back slowly, and says why."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from trust_traces import BEGIN, CAMERA, finding, walk

from cordon import trust
from cordon.model import snapshot
from cordon.model.decision import Profile
from cordon.model.device import Attribute, Device
from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.tables import DAY, HOUR, MINUTE, STEP
from cordon.model.trust import Band
from cordon.model.verdict import Scope, Verdict
from cordon.model.window import Window


def test_new_device_is_not_trusted_fully_and_is_told_of_once() -> None:
    _, told = walk(hours=2)
    assert [(one.score, one.band, one.getting_to_know, one.next_change) for one in told] == [
        (722, Band.NORMAL, True, 0)
    ]
    assert told[0].reasons[-1].source == "getting-to-know"


def test_clean_history_raises_trust_once_a_day_up_to_a_limit() -> None:
    _, told = walk(hours=24 * 20)
    assert [one.score for one in told] == [722, *range(732, 873, 10)]


def test_knowing_what_it_is_waits_for_the_hour() -> None:
    state, _ = walk(hours=1)
    _, facts = trust.step(state, _facts(BEGIN + HOUR, devices=(_known_for_certain(BEGIN + HOUR + 5),)))
    assert facts.trusts == ()
    _, told = walk(hours=2, device=_known_for_certain(BEGIN))
    assert told[0].score == 750


def test_getting_to_know_ends_after_a_day_of_being_seen() -> None:
    _, told = walk(hours=30)
    assert [(one.time - BEGIN, one.getting_to_know) for one in told] == [(0, True), (DAY, False)]


def test_getting_to_know_ends_when_the_profile_is_confirmed() -> None:
    state, _ = walk(hours=1)
    profile = Profile(CAMERA.id, "site", BEGIN + HOUR + STEP, (), confirmed=True)
    _, facts = trust.step(state, _facts(BEGIN + HOUR, profiles=(profile,)))
    assert [one.getting_to_know for one in facts.trusts] == [False]


def test_nothing_happens_to_a_device_we_get_to_know_except_on_a_compromise() -> None:
    _, told = walk([finding(HOUR + STEP), finding(HOUR + 2 * STEP, detector="flood")], hours=3)
    assert min(one.score for one in told) < 200
    assert {one.band for one in told} == {Band.NORMAL}
    _, told = walk([finding(HOUR + STEP, compromise=True)], hours=3)
    assert told[-1].band == Band.CORDONED


def test_score_falls_in_one_step() -> None:
    _, told = walk([finding(30 * HOUR + STEP)], hours=31)
    fall = next(one for one in told if one.time == BEGIN + 30 * HOUR + STEP)
    assert (fall.score, fall.band) == (432, Band.USUAL_ONLY)


def test_score_comes_back_by_a_limited_amount_a_day() -> None:
    _, told = walk([finding(30 * HOUR, Severity.LOW, weight=200)], hours=24 * 9)
    after = [one for one in told if one.time >= BEGIN + 30 * HOUR]
    by_time = {one.time: one.score for one in after}
    first = after[0].score
    for one in after:
        assert one.score - first <= (one.time - after[0].time) * 40 // DAY + 1
    assert max(by_time.values()) > 750
    assert any(reason.source == "recovery-limit" for one in after for reason in one.reasons)


def test_recovery_is_told_on_the_hour_only() -> None:
    _, told = walk([finding(30 * HOUR + 70 * STEP)], hours=60, steps=60)
    later = [one for one in told if one.time > BEGIN + 30 * HOUR + 70 * STEP]
    assert later
    assert all(one.time % HOUR == 0 for one in later)


def test_next_change_is_when_the_score_changes() -> None:
    _, told = walk([finding(30 * HOUR + STEP)], hours=24 * 6)
    fallen = [one for one in told if one.time > BEGIN + 30 * HOUR]
    for before, after in pairwise(fallen):
        assert before.next_change == after.time or after.reasons[2].source == "history"


@pytest.mark.parametrize(
    ("level", "cap", "band"),
    [("proven", 100, Band.CORDONED), ("sound", 200, Band.ESSENTIALS_ONLY), ("trial", 400, Band.USUAL_ONLY)],
)
def test_compromise_caps_whatever_the_past(level: str, cap: int, band: Band) -> None:
    _, told = walk([finding(24 * 20 * HOUR, level=level, weight=1, compromise=True)], hours=24 * 21)
    assert (told[-1].score, told[-1].band) == (cap, band)
    assert any(reason.source == "cap" and reason.tenths < 0 for reason in told[-1].reasons)


def test_cap_ends_and_trust_comes_back_slowly() -> None:
    _, told = walk([finding(30 * HOUR, weight=1, compromise=True)], hours=24 * 41)
    assert [one.score for one in told if 30 * HOUR <= one.time - BEGIN < 30 * HOUR + 30 * DAY] == [100]
    assert 250 <= told[-1].score <= 100 + 10 * 40


def test_repeated_findings_of_one_detector_count_less_and_less() -> None:
    _, told = walk([finding(29 * HOUR + n * STEP, weight=100) for n in range(1, 40)], hours=30)
    falls = [before.score - after.score for before, after in pairwise(told[1:])]
    assert falls[:4] == [100, 49, 24, 12]
    assert sum(falls) <= 200


def test_low_findings_alone_leave_a_device_normal() -> None:
    lows = [finding(30 * HOUR + n * MINUTE, Severity.LOW, weight=900, detector=f"d{n}") for n in range(50)]
    _, told = walk(lows, hours=40)
    assert min(one.score for one in told) >= 600
    assert {one.band for one in told} == {Band.NORMAL}


def test_detectors_on_trial_alone_lower_to_usual_only_and_sound_ones_to_essentials_only() -> None:
    for level, floor, band in (("trial", 400, Band.USUAL_ONLY), ("sound", 200, Band.ESSENTIALS_ONLY)):
        many = [finding(30 * HOUR, Severity.CRITICAL, level, 900, f"d{n}") for n in range(9)]
        _, told = walk(many, hours=31)
        assert (told[-1].score, told[-1].band) == (floor, band)
        assert any(reason.source == f"{level}-floor" and reason.tenths > 0 for reason in told[-1].reasons)


def test_band_rises_only_clear_of_its_edge_and_after_a_rest() -> None:
    _, told = walk([finding(30 * HOUR + STEP, Severity.MEDIUM, weight=180)], hours=24 * 12, steps=360)
    bands = [(one.band, one.score, one.time) for one in told]
    low = next(one for one in bands if one[0] == Band.USUAL_ONLY)
    up = next(one for one in bands if one[2] > low[2] and one[0] == Band.NORMAL)
    assert up[1] >= 650
    assert up[2] - low[2] >= HOUR
    assert any(one[0] == Band.USUAL_ONLY and 600 <= one[1] < 650 for one in bands)


@pytest.mark.parametrize(
    ("severity", "weight", "level"),
    [(Severity.MEDIUM, 150, "proven"), (Severity.HIGH, 200, "sound"), (Severity.CRITICAL, 300, "trial")],
)
def test_on_off_attacker_never_becomes_normal_again(severity: Severity, weight: int, level: str) -> None:
    hits = [finding((40 + 10 * n) * HOUR + STEP, severity, level, weight) for n in range(90)]  # 1 hour in 10
    _, told = walk(hits, hours=24 * 38, steps=3600)
    fallen = next(at for at, one in enumerate(told) if one.band != Band.NORMAL)
    assert all(one.band != Band.NORMAL for one in told[fallen:])


def test_silence_lets_time_pass() -> None:
    findings = [finding(30 * HOUR, Severity.LOW, weight=200)]
    state, _ = walk(findings, hours=31)
    _, told = walk(hours=24 * 20, steps=24 * 20 * 360, seen=False, state=state, begin=BEGIN + 31 * HOUR)
    assert told[-1].score == 732
    assert told[-1].next_change == 0


def test_state_survives_a_restart(tmp_path: Path) -> None:
    findings = [finding(n * HOUR * 7 + STEP, weight=90) for n in range(1, 12)]
    whole, told = walk(findings, hours=96)
    state, first = walk(findings, hours=50)
    snapshot.save(state, tmp_path / "trust")
    state = snapshot.load(trust.State, tmp_path / "trust")
    state, second = walk(findings, hours=46, state=state, begin=BEGIN + 50 * HOUR)
    assert (state, [*first, *second]) == (whole, told)


@pytest.mark.parametrize(("fine", "withdrawn"), [(True, False), (False, False), (True, True)])
def test_what_a_person_lives_with_costs_nothing_from_then_on(fine: bool, withdrawn: bool) -> None:
    bad = finding(HOUR + STEP)
    state, _ = walk([bad], hours=3)
    at = BEGIN + 3 * HOUR
    word = Verdict("verdict-1", "site", bad.id, CAMERA.id, bad.detector, fine, Scope.DEVICE, CAMERA.id, "", "Ada", "x",
                   at + DAY, "Ada", 1, withdrawn)  # fmt: skip
    after, _ = trust.step(state, Facts(Window("site", at, at), verdicts=(word,)))
    forgiven = fine and not withdrawn
    assert (after.known[CAMERA.id].pieces == ()) is forgiven
    _, told = walk(hours=2, state=after, begin=at)
    assert (bad.id in {reason.source for reason in told[-1].reasons}) is not forgiven


def _facts(begin: int, devices: tuple[Device, ...] = (), profiles: tuple[Profile, ...] = ()) -> Facts:
    return Facts(Window("site", begin, begin + STEP), devices=devices, profiles=profiles)


def _known_for_certain(time: int) -> Device:
    return replace(CAMERA, time=time, vendor=Attribute("Axis", 1000), kind=Attribute("camera", 1000))
