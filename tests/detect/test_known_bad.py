"""What feeds list is found wherever it is met, and said with the feed's name and age; a changed feed counts at once."""

from pathlib import Path

import polars as pl
import pytest

from cordon.config import Config
from cordon.detect import Knowledge, State, step
from cordon.detect.threats import Threats
from cordon.model.finding import Finding, Severity
from cordon.model.tables import DAY, HOUR
from cordon.model.threats import FeedAbout, feed_path, feeds, keep_feed
from cordon.pipeline import Pipeline
from cordon.sources.feeds import read_feed

from .traffic import KEY, START, Scenario, Site, facts_of

ROUTER = {"router": {"kind": "router", "gateway": True}}


def keep(folder: Path, name: str, text: str, fetched: int = START, old_after: int = 14) -> None:
    outcome = read_feed(text.encode(), name)
    about = FeedAbout(name, f"/lists/{name}", outcome.form, "", old_after, fetched, outcome.rows.height, 0, 0)
    keep_feed(folder, about, outcome.rows)


def site(**kinds: str) -> Site:
    made = Site(ROUTER | {name: {"kind": kind} for name, kind in kinds.items()})
    for name in made.described:
        made.number(name)
    return made


def found(made: Site, folder: Path) -> list[Finding]:
    state, told, knowledge = State(), [], Knowledge(KEY, feeds=folder)
    for facts in facts_of(Scenario(folder, "", {}, [], made), 60):
        state, out = step(state, facts, knowledge=knowledge)
        told += [one for one in out.findings if one.detector == "known-bad"]
    return told


def called(folder: Path, to: str = "203.0.113.66", name: str = "") -> Finding:
    made = site(camera="camera")
    made.flow(START + HOUR, "camera", to, 443, name=name)
    (one,) = found(made, folder)
    return one


def test_a_finding_says_which_feed_and_how_old_it_is(tmp_path: Path) -> None:
    keep(tmp_path, "botnets", "203.0.113.64/28 # Heodo\n", fetched=START - 3 * DAY)
    one = called(tmp_path)
    assert one.says == (
        "called 203.0.113.66 (port 443), which is known to be bad: feed botnets lists 203.0.113.64/28 (Heodo), "
        "fetched 3 days ago"
    )
    assert (one.severity, one.weight, one.family, one.level) == (Severity.HIGH, 300, "command-and-control", "trial")
    assert dict(one.measured) == {"indicator": "203.0.113.64/28", "feeds": "botnets", "age in days": 3}


def test_an_old_feed_weighs_less_and_is_told_as_old(tmp_path: Path) -> None:
    keep(tmp_path, "botnets", "203.0.113.66\n", fetched=START - 20 * DAY)
    one = called(tmp_path)
    assert one.says.endswith("feed botnets, fetched 20 days ago and so an old one")
    assert (one.severity, one.weight) == (Severity.MEDIUM, 150)


def test_what_one_fresh_feed_lists_is_not_old(tmp_path: Path) -> None:
    keep(tmp_path, "a", "203.0.113.66\n", fetched=START - 90 * DAY)
    keep(tmp_path, "b", "203.0.113.66\n", fetched=START)
    keep(tmp_path, "c", "203.0.113.66\n", fetched=START - 90 * DAY, old_after=100)
    one = called(tmp_path)
    assert one.says.endswith("feeds b, a and c, fetched today") and one.severity is Severity.HIGH


def test_a_feed_from_after_the_traffic_is_no_older_than_today(tmp_path: Path) -> None:
    keep(tmp_path, "later", "203.0.113.66\n", fetched=START + 400 * DAY)
    assert called(tmp_path).says.endswith("feed later, fetched today")


def test_an_address_of_ipv6_and_a_name_below_a_listed_one_are_met(tmp_path: Path) -> None:
    keep(tmp_path, "six", "2001:db8:aa::/47\nbad.example\n")
    assert "2001:db8:ab::9" in called(tmp_path, to="2001:db8:ab::9").says
    assert called(tmp_path, to="192.0.2.1", name="a.b.bad.example").says.startswith("called a.b.bad.example (port 443)")


def test_who_asks_and_then_calls_is_told_of_twice_and_no_more(tmp_path: Path) -> None:
    keep(tmp_path, "names", "bad.example\n")
    made = site(camera="camera")
    for at in range(20):
        made.asks(START + HOUR + at * 60_000_000, {"device": "camera", "labels": ["c2"], "domain": "bad.example"}, 0)
        made.flow(START + HOUR + at * 60_000_000 + 1, "camera", "192.0.2.3", 443, name="c2.bad.example")
    told = found(made, tmp_path)
    assert [one.says.split()[0] for one in told] == ["asked", "called"] or [one.says.split()[0] for one in told] == [
        "called",
        "asked",
    ]


def test_a_name_server_of_ours_is_not_blamed_for_what_others_ask_it(tmp_path: Path) -> None:
    keep(tmp_path, "names", "bad.example\n")
    made = site(camera="camera", resolver="server")
    question = {"labels": ["c2"], "domain": "bad.example"}
    made.asks(START + HOUR, question | {"device": "camera", "of": "resolver"}, 0)
    made.asks(START + HOUR + 1000, question | {"device": "resolver", "of": "9.9.9.9"}, 0)
    assert [one.device for one in found(made, tmp_path)] == ["camera"]


def test_a_server_is_known_by_its_certificate_and_a_program_by_its_hello(tmp_path: Path) -> None:
    keep(tmp_path, "tls", f"{'ab' * 32}\n")
    keep_ja3 = read_feed(f"ja3,reason\n{'cd' * 16},Trickbot\n".encode(), "ja3")
    keep_feed(tmp_path, FeedAbout("ja3", "x", "csv", "", 14, START, 1, 0, 0), keep_ja3.rows)
    made = site(camera="camera", plug="plug")
    made.shakes_hands(START + HOUR, {"device": "camera", "to": "192.0.2.4", "certificate": "ab" * 32}, 0)
    made.shakes_hands(START + HOUR, {"device": "plug", "to": "192.0.2.5", "ja3": "cd" * 16}, 0)
    said = {one.device: one.says for one in found(made, tmp_path)}
    assert said["camera"].startswith("was shown the certificate abab")
    assert "fingerprint cdcd" in said["plug"] and "(Trickbot)" in said["plug"]


def test_a_changed_added_or_removed_feed_counts_from_the_next_look_on(tmp_path: Path) -> None:
    threats, asked = Threats(tmp_path / "feeds"), pl.Series(["203.0.113.1", "203.0.113.2"])

    def met() -> list[str]:
        threats.refresh()
        return threats.addresses(asked)["met"].sort().to_list()

    assert met() == [] and threats.is_empty
    keep(tmp_path / "feeds", "a", "203.0.113.1\n")
    assert met() == ["203.0.113.1"]
    keep(tmp_path / "feeds", "a", "203.0.113.2\n# longer now\n203.0.113.9\n")
    assert met() == ["203.0.113.2"]
    feed_path(tmp_path / "feeds", "a").unlink()
    assert met() == []


def test_a_damaged_feed_is_left_out_and_the_others_count(tmp_path: Path) -> None:
    keep(tmp_path, "good", "203.0.113.66\n")
    keep(tmp_path, "half", "203.0.113.66\n")
    whole = feed_path(tmp_path, "half").read_bytes()
    feed_path(tmp_path, "half").write_bytes(whole[: len(whole) // 2])
    pl.DataFrame({"a": [1]}).write_parquet(feed_path(tmp_path, "other"))
    feed_path(tmp_path, "empty").touch()
    assert [name for name, about in feeds(tmp_path).items() if about is None] == ["empty", "half", "other"]
    assert called(tmp_path).says.endswith("feed good, fetched today")


@pytest.mark.parametrize("cut", [1, 7, 360])
def test_the_pipeline_looks_into_the_feeds_of_its_state(tmp_path: Path, cut: int) -> None:
    keep(tmp_path / "feeds", "botnets", "203.0.113.66\n")
    made = site(camera="camera")
    made.presents(START + HOUR, {"device": "camera", "field": "mac", "values": [""]}, 0)
    made.flow(START + HOUR, "camera", "203.0.113.66", 443)
    pipeline = Pipeline("test", Config(), KEY, feeds=tmp_path / "feeds")
    told = []
    for facts in facts_of(Scenario(tmp_path, "", {}, [], made), cut):
        told += [one for facts_ in pipeline.advance(facts.window) for one in facts_.findings]
    told += [one for facts_ in pipeline.finish() for one in facts_.findings]
    assert [one.detector for one in told] == ["known-bad"] and not pipeline.health.failures
