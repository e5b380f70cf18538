"""All checks as parts: they declare and explain themselves; each sees what it must and not what looks like it."""

import inspect
from pathlib import Path

import pytest

from cordon.exposure import Check
from cordon.exposure.advice import read, shipped
from cordon.exposure.checks import CHECKS, SHIPPED
from cordon.exposure.page import HEADINGS, page_of
from cordon.exposure.requirements import SAYS
from cordon.exposure.trackers import tracker_of
from cordon.model.exposure import Standing

from .cases import GOOD, MUST, MUST_NOT, OUT, Happens, site
from .making import MINUTE, Made, run

each = pytest.mark.parametrize("check", SHIPPED, ids=lambda one: one.id)
FAMILIES = {"credentials", "encryption", "services", "placement", "updates", "privacy"}


@each
def test_id_is_the_name_of_its_file(check: type[Check]) -> None:
    assert check.id == Path(inspect.getfile(check)).stem.replace("_", "-")
    assert check in CHECKS


@each
def test_docstring_is_a_page_of_the_manual(check: type[Check]) -> None:
    page = page_of(check)
    assert all((page.title, page.why, page.alarms, page.repair, page.known)), "all headings"
    assert all(text.endswith(".") for text in (page.title, page.why, page.alarms, page.repair, page.known))
    text = inspect.getdoc(check) or ""
    places = [text.find(f"{heading}:") for heading in HEADINGS]
    assert places == sorted(places)
    assert page.why.count(". ") == 0, "the risk is one sentence"


@each
def test_declares_what_people_and_ranking_go_by(check: type[Check]) -> None:
    assert check.family in FAMILIES
    assert 0 < check.weight <= 60
    assert 0 < check.effort <= 480
    assert check.action[0].isupper() and not check.action.endswith(".")
    assert check.settles >= 0 and check.forgotten > 0
    assert check.requirements and set(check.requirements) <= set(SAYS)


@each
def test_has_a_case_that_shows_it_and_one_that_looks_like_it(check: type[Check]) -> None:
    assert check.id in {id for id, _, _ in MUST}
    assert check.id in {id for id, _, _ in MUST_NOT}


@pytest.mark.parametrize(("check", "device", "happens"), MUST, ids=[f"{one[0]}-{one[1]}" for one in MUST])
def test_what_must_be_seen_is_seen_whatever_the_windows(check: str, device: str, happens: Happens) -> None:
    made = site()
    happens(made)
    state, told = run(made)
    found = {(one.check, one.device): one for one in told}
    assert (check, device) in found, sorted(found)
    one = found[check, device]
    assert one.standing is Standing.OPEN and one.says and not one.says.endswith(".")
    assert all(str(value) != "" for _, value in one.measured)
    assert one.rows is not None, "the rows that show it"
    again = run(made, steps=1)
    assert again[1] == told
    assert (again[0].standing, again[0].shared) == (state.standing, state.shared)
    assert (again[0].habits, again[0].given, again[0].clocks) == (state.habits, state.given, state.clocks)


@pytest.mark.parametrize(("check", "why", "happens"), MUST_NOT, ids=[f"{one[0]}-{one[1]}" for one in MUST_NOT])
def test_what_looks_like_it_is_not_taken_for_it(check: str, why: str, happens: Happens) -> None:
    made = site()
    happens(made)
    assert check not in {one.check for one in run(made)[1]}, why


def test_no_password_or_hash_of_one_is_in_a_fact_or_in_the_state() -> None:
    made = site()
    for id, _, happens in MUST:
        if "password" in id:
            happens(made)
    state, told = run(made)
    secrets = {row["secret"] for row in made.rows["logins"] if row["secret"]}
    words = ("t0gether!x", "ada123", "letmein")
    text = repr(told) + repr(state.standing) + repr(state.shared)
    assert not [one for one in (*secrets, *words) if one in text]


def test_what_a_gateway_hands_on_is_not_taken_for_its_own_before_it_is_known_as_one() -> None:
    made = Made(camera="camera")
    made.described["router"] = {"kind": "router"}
    made.row("tls", MINUTE, "camera", OUT, 8443, "tls", **(GOOD | {"version": "TLS1.0", "self_signed": True}))
    made.talk(MINUTE, "camera", OUT, 23, "telnet")
    made.talk(MINUTE, "camera", OUT, 123, "ntp", proto=17)
    made.login(MINUTE, "camera", OUT, "ftp", word="admin")
    assert {(one.check, one.device) for one in run(made)[1]} == {
        ("tls-old-version", "camera"), ("clear-password", "camera"), ("unusual-protocol", "camera"),
    }  # fmt: skip


def test_what_is_shared_is_told_of_all_that_share_it_until_one_has_its_own() -> None:
    made = site()
    for at, word in ((1, "same-one"), (200, "its-own")):
        made.login(at * 60_000_000, "desk", "camera", user="ada", word=word)
    made.login(120_000_000, "desk", "cam2", user="ada", word="same-one")
    made.login(300 * 60_000_000, "desk", "cam2", user="ada", word="same-one")
    last = {one.device: one.standing for one in run(made)[1] if one.check == "shared-password"}
    assert last == {"camera": Standing.REPAIRED, "cam2": Standing.REPAIRED}


def test_advice_names_checks_that_exist_and_its_source() -> None:
    ids = {check.id for check in SHIPPED}
    for one in shipped():
        assert set(one.checks) <= ids, one
        assert one.says.endswith(".") and one.source


@pytest.mark.parametrize("wrong", ['checks=["smb1"]\nsays="x."\nsource="y"', 'vendor="x"\ncolour="red"'])
def test_advice_for_nobody_or_with_unknown_words_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"neither|unknown"):
        read(f"[[advice]]\n{wrong}")


def test_a_tracker_is_its_domain_and_all_below_it() -> None:
    found = tracker_of("EU.Logs.roku.com.")
    assert found is not None and found.owner == "Roku"
    assert tracker_of("roku.com") is None
