"""What people say of findings: what is fine counts for nothing, what is not is told again, each for its time."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordon import incidents, trust
from cordon.detect import State, step
from cordon.detect.verdicts import with_networks
from cordon.model.facts import Facts
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, HOUR, MINUTE, STEP
from cordon.model.verdict import Scope, Verdict, concerned, standing
from cordon.model.window import Window

from .test_baselines import site_of
from .traffic import START, Scenario, Site, facts_of


def verdict(finding: Finding, fine: bool = True, **more: object) -> Verdict:
    word = Verdict(
        "verdict-1", "test", finding.id, finding.device, finding.detector, fine, Scope.DEVICE, finding.device, "",
        "Ada", "so it is", START + 90 * DAY, "Ada", 1,
    )  # fmt: skip
    return replace(word, **more)  # type: ignore[arg-type]  # fields of it


def scans(site: Site, device: str, at: int) -> None:
    for host in range(120):
        site.flow(at + host * 200_000, device, f"192.168.1.{60 + host}", 23, answered=False)


def told(state: State, words: tuple[Verdict, ...], time: int) -> State:
    """The state after people spoke, at a time that was reached."""
    return step(state, Facts(Window("test", time, time), verdicts=words))[0]


def run(site: Site, speak: dict[int, tuple[Verdict, ...]], steps: int = 360) -> list[Finding]:
    """What is found, with words said before the windows that begin at those times."""
    state, found, waiting = State(), [], dict(speak)
    for facts in facts_of(Scenario(Path(), "", {}, [], site), steps):
        for time in [time for time in waiting if time <= facts.window.begin]:
            state = told(state, waiting.pop(time), time)
        state, out = step(state, facts)
        found += out.findings
    return found


def twice(*devices: str) -> Site:
    """Devices that scan twice, ten hours apart."""
    site = site_of("camera", "second", "other")
    for device in devices or ("camera",):
        scans(site, device, START + HOUR)
        scans(site, device, START + 11 * HOUR)
    return site


@cache
def first_scan(device: str = "camera") -> Finding:
    return next(one for one in run(twice(device), {}) if one.detector == "address-scan")


def test_what_is_fine_is_found_and_marked_until_then_and_counts_for_nothing() -> None:
    word = verdict(first_scan())
    before, after = (one for one in run(twice(), {START + 5 * HOUR: (word,)}) if one.detector == "address-scan")
    assert (before.accepted, after.accepted) == ("", word.id)
    facts = Facts(Window("test", after.noticed - STEP, after.noticed), findings=(after,))
    assert incidents.step(incidents.State(), facts)[1].incidents == ()
    assert trust.step(trust.State(), facts)[1].trusts == ()
    assert incidents.step(incidents.State(), replace(facts, findings=(before,)))[1].incidents


@pytest.mark.parametrize("until", [0, 5 * HOUR])
def test_a_verdict_ends_by_the_time_of_events(until: int) -> None:
    word = verdict(first_scan(), until=START + 10 * HOUR + until)
    *_, last = (one for one in run(twice(), {START + 5 * HOUR: (word,)}) if one.detector == "address-scan")
    assert last.accepted == ("" if until == 0 else word.id)


def test_what_was_taken_back_counts_again() -> None:
    word = verdict(first_scan())
    back = replace(word, time=2, withdrawn=True)
    found = run(twice(), {START + 5 * HOUR: (word,), START + 6 * HOUR: (back,)})
    assert [one.accepted for one in found] == [""] * len(found)


@pytest.mark.parametrize(
    ("scope", "whose", "who"),
    [
        (Scope.DEVICE, "camera", {"camera"}),
        (Scope.KIND, "camera", {"camera", "second"}),
        (Scope.SITE, "", {"camera", "second", "other"}),
    ],
)  # fmt: skip
def test_a_verdict_holds_for_a_device_its_kind_or_the_site(scope: Scope, whose: str, who: set[str]) -> None:
    word = verdict(first_scan(), scope=scope, whose=whose)
    site = twice("camera", "second", "other")
    site.described["other"]["kind"] = "printer"
    found = run(site, {START + 5 * HOUR: (word,)})
    assert {one.device for one in found if one.accepted} == who


LATER = (*range(12), 30, 31, 54, 55)
"""Hours in which the camera is there."""


def home(hours: Iterable[int] = range(11)) -> Site:
    """A camera that calls home each hour, and from the tenth on an odd place too."""
    site = site_of("camera")
    for hour in hours:
        site.lives(START + hour * HOUR + MINUTE, {"device": "camera"}, hour)
        if hour >= 10:
            site.flow(START + hour * HOUR + 5 * MINUTE, "camera", "203.0.113.40", 443, name="odd.example")
    return site


@cache
def odd_place() -> Finding:
    return next(one for one in run(home(), {}) if one.detector == "new-destination")


def after(site: Site, word: Verdict) -> set[str]:
    """The texts of what was learned where that was said before the beginning."""
    state = told(State(), (word,), START)
    for facts in facts_of(Scenario(Path(), "", {}, [], site), 360):
        state, _ = step(state, facts)
    return set(state.baselines.words["text"])


def test_what_is_fine_is_learned_at_once_and_what_is_not_never() -> None:
    word = verdict(odd_place(), scope=Scope.SITE, whose="", about="odd.example")
    assert "odd.example" in after(home((*range(11), 12)), word)
    assert "odd.example" not in after(home((*range(11), 60, 61, 62)), replace(word, fine=False))


def test_a_verdict_about_one_place_leaves_others_alone() -> None:
    word = verdict(odd_place(), about="odd.example")
    site = home()
    site.flow(START + 10 * HOUR + 6 * MINUTE, "camera", "203.0.113.41", 443, name="another.example")
    found = [one for one in run(site, {START + HOUR: (word,)}) if one.detector == "new-destination"]
    told_of = [(dict(one.measured)["destination"], one.accepted) for one in found]
    assert told_of == [("odd.example", word.id), ("another.example", "")], "what is fine hides nothing that follows"


def test_what_is_not_normal_is_told_again_each_day() -> None:
    word = verdict(odd_place(), fine=False, about="odd.example")
    once, again = (
        [(one.noticed - START) // DAY for one in run(home(LATER), said) if one.detector == "new-destination"]
        for said in ({}, {START + 11 * HOUR: (word,)})
    )
    assert (once, again) == ([0], [0, 1, 2])


def test_addresses_bring_their_network_and_names_do_not() -> None:
    assert with_networks(["203.0.113.9", "odd.example", "tcp/23"]) == {
        "203.0.113.9", "203.0.113.0/24", "odd.example", "tcp/23"}  # fmt: skip
    assert with_networks(["2001:db8:1:2::9"]) == {"2001:db8:1:2::9", "2001:db8:1::/48"}


def test_what_a_finding_speaks_of() -> None:
    finding = Finding(
        "finding-1", "site", "camera", "new-destination", "change", "", Severity.LOW, "sound", 0, 1, "says",
        (("destination", "odd.example"), ("port", 443)), ("recorder",),
        rows=Rows("talks", 0, 1, (("peer", "203.0.113.9"),)),
    )  # fmt: skip
    assert concerned(finding) == ("203.0.113.9", "odd.example", "recorder")
    assert concerned(replace(finding, measured=(), peers=(), rows=Rows("talks", 0, 1, (("port", "23"),)))) == (
        "tcp/23",
    )
    assert concerned(replace(finding, measured=(), peers=(), rows=None)) == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.booleans(), st.integers(1, 20)), max_size=12))
def test_of_each_id_the_latest_word_stands_if_it_is_neither_taken_back_nor_over(
    words: list[tuple[str, int, bool, int]],
) -> None:
    plain = verdict(first)
    said = [replace(plain, id=id, time=time, withdrawn=gone, until=until) for id, time, gone, until in words]
    holds = standing(said, 10)
    assert [one.id for one in holds] == sorted({one.id for one in holds})
    for one in holds:
        assert one.until > 10 and not one.withdrawn
        assert all(other.time <= one.time for other in said if other.id == one.id)


first = Finding("finding-1", "test", "camera", "address-scan", "scan", "", Severity.HIGH, "sound", 0, 1, "says")
