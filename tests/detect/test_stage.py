"""The stage as a whole: windows do not matter, states survive being saved, silence costs nothing and says nothing."""

from dataclasses import replace
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cordon.detect import Knowledge, State, step
from cordon.model import snapshot
from cordon.model.facts import RHYTHM, TALKS, Facts
from cordon.model.tables import HOUR, STEP, empty
from cordon.model.window import Window

from .traffic import KEY, START, Scenario, facts_of, read

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_window_without_rows_leaves_the_state_alone() -> None:
    state = State()
    after, out = step(state, Facts(Window("test", START, START + STEP)))
    assert after is state
    assert out.findings == ()
    assert out.talks is not None and dict(out.talks.schema) == TALKS
    assert out.rhythm is not None and dict(out.rhythm.schema) == RHYTHM


def test_saved_state_goes_on_as_if_it_had_not_been_saved(tmp_path: Path) -> None:
    knowledge = Knowledge(KEY)
    straight, broken = State(), State()
    one: list[object] = []
    other: list[object] = []
    for at, facts in enumerate(facts_of(read(SCENARIOS / "guessed-password"), 6)):
        straight, out = step(straight, facts, knowledge=knowledge)
        one += out.findings
        if at % 3 == 1:
            snapshot.save(broken, tmp_path / "state")
            broken = snapshot.load(State, tmp_path / "state")
        broken, out = step(broken, facts, knowledge=knowledge)
        other += out.findings
    assert one == other and one


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=4, max_size=12))
def test_any_cut_of_windows_gives_the_same_findings(lengths: list[int]) -> None:
    scenario = read(SCENARIOS / "telnet-worm")
    tables = scenario.tables()
    whole = step(State(), _facts(scenario, tables, START, START + HOUR))[1]
    state, found, begin = State(), [], START
    for length in [*lengths, 360 - sum(lengths)]:
        if length <= 0 or begin >= START + HOUR:
            break
        end = min(begin + length * STEP, START + HOUR)
        state, out = step(state, _facts(scenario, tables, begin, end))
        found += out.findings
        begin = end
    expected = [one for one in whole.findings if one.noticed <= begin]
    assert found == expected


def _facts(scenario, tables, begin, end):  # type: ignore[no-untyped-def]
    inside = pl.col("step").is_between(begin, end, closed="left")
    window = Window("test", begin, end, {name: rows.filter(inside) for name, rows in tables.items()})
    first = begin == START
    devices, bindings = (scenario.devices(), scenario.bindings()) if first else ((), ())
    return Facts(window, devices=devices, bindings=bindings)


def test_flow_rows_cut_finer_than_a_step_give_the_same_talks() -> None:
    scenario = read(SCENARIOS / "video-stream")
    facts = facts_of(scenario, 60)[0]
    flows = facts.window.table("flows")
    counts = ["packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in"]
    half = flows.with_columns(pl.col(counts) // 2, is_last=pl.lit(False))
    rest = flows.with_columns(*(pl.col(name) - pl.col(name) // 2 for name in counts), is_first=pl.lit(False))
    window = replace(facts.window, tables={**facts.window.tables, "flows": pl.concat([rest, half])})
    _, whole = step(State(), facts)
    _, cut = step(State(), replace(facts, window=window))
    assert whole.talks is not None and cut.talks is not None
    assert_frame_equal(whole.talks, cut.talks)


def test_talks_see_both_sides_and_strangers_behind_the_gateway() -> None:
    scenario = read(SCENARIOS / "guessed-password")
    site = scenario.site
    site.flow(START, "camera", "recorder", 80)
    site.flow(START + 1, "203.0.113.5", "printer", 8080)
    site.flow(START + 2, "camera", "224.0.0.251", 5353, proto=17, answered=False)
    _, out = step(State(), facts_of(scenario, 60)[0])
    assert out.talks is not None
    rows = set(out.talks.select("device", "peer_device", "scope", "initiated", "port").iter_rows())
    assert rows == {
        ("camera", "recorder", "local", True, 80),
        ("recorder", "camera", "local", False, 80),
        ("printer", "", "internet", False, 8080),
        ("camera", "", "multicast", True, 5353),
    }


def test_name_is_what_the_device_itself_asked_for_not_another() -> None:
    scenario = read(SCENARIOS / "guessed-password")
    site = scenario.site
    address = "198.51.100.77"
    site.resolves(START, {"device": "camera", "name": "mine.example", "addresses": [address]}, 0)
    site.resolves(START + 9, {"device": "printer", "name": "theirs.example", "addresses": [address]}, 0)
    site.resolves(START + 99, {"device": "camera", "name": "later.example", "addresses": [address]}, 0)
    site.flow(START + 20, "camera", address, 443)
    site.flow(START + 30, "recorder", address, 443)
    site.flow(START + 40, "printer", address, 443, name="said.example")
    _, out = step(State(), facts_of(scenario, 60)[0])
    assert out.talks is not None
    names = dict(out.talks.select("device", "name").iter_rows())
    assert names == {"camera": "mine.example", "recorder": "theirs.example", "printer": "said.example"}


def hours_of_a_printer(said: dict[int, int]) -> dict[int, tuple[int, int, bool]]:
    """The cells (low, high, departed) of a device that sends so many bytes in those hours since the start."""
    site = read(SCENARIOS / "new-destination").site
    site.rows = {name: [] for name in site.rows}
    for hour, sent in said.items():
        site.flow(START + hour * HOUR + STEP, "printer", "router", 80, sent=sent, got=0)
    scenario = Scenario(SCENARIOS, "", {}, [], site)
    state, cells = State(), {}
    for facts in facts_of(scenario, 360):
        state, out = step(state, facts)
        assert out.rhythm is not None
        rows = out.rhythm.filter(pl.col("device") == "printer").select("hour", "low", "high", "departed")
        cells |= {(hour - START) // HOUR: cell for hour, *cell in map(list, rows.iter_rows())}
    return {hour: tuple(cell) for hour, cell in cells.items()}


def test_rhythm_counts_bytes_by_hour() -> None:
    state, cells = State(), []
    for facts in facts_of(read(SCENARIOS / "new-destination"), 60):
        state, out = step(state, facts)
        cells.append(out.rhythm)
    last = pl.concat([one for one in cells if one is not None]).unique(["device", "hour"], keep="last")
    mine = last.filter(pl.col("device") == "printer").sort("hour")
    assert mine["hour"].to_list() == [START + hour * HOUR for hour in range(10)]
    assert (mine["bytes_out"] > 0).all()


def test_an_ordinary_morning_of_the_first_day_is_no_departure() -> None:
    cells = hours_of_a_printer(dict.fromkeys(range(7), 2_000) | {7: 400_000, 8: 900_000})
    assert set(cells.values()) == {(0, 0, False)}


def test_far_more_than_ever_departs_even_on_the_first_day() -> None:
    cells = hours_of_a_printer(dict.fromkeys(range(7), 300_000) | {7: 2_000_000, 8: 12_000_000})
    assert [hour for hour, (_, _, departed) in cells.items() if departed] == [8]


def test_much_in_the_first_hours_of_a_device_is_no_departure() -> None:
    assert not any(departed for _, _, departed in hours_of_a_printer({0: 1_000, 1: 50_000_000}).values())


def test_hour_of_day_learned_on_three_days_has_a_range() -> None:
    said = {24 * day + hour: 10_000 for day in range(3) for hour in (8, 9)}
    cells = hours_of_a_printer(said | {24 * 3 + 8: 12_000, 24 * 3 + 9: 40_000, 24 * 3 + 12: 40_000})
    assert {cells[24 * day + 8] for day in range(3)} == {(0, 0, False)}
    low, high, departed = cells[24 * 3 + 8]
    assert 3_900 <= low <= 5_000, "half the least, to a third of an octave"
    assert 15_000 <= high <= 19_500, "half as much again as the greatest"
    assert not departed
    low, high, departed = cells[24 * 3 + 9]
    assert 3_900 <= low <= 5_000
    assert 18_000 <= high <= 23_400
    assert departed
    assert cells[24 * 3 + 12] == (0, 0, False)


def test_no_secret_is_kept() -> None:
    state = State()
    for facts in facts_of(read(SCENARIOS / "guessed-password"), 60):
        state, _ = step(state, facts, knowledge=Knowledge(KEY))
    assert state.tries["tag"].str.len_chars().max() == 4
    assert "secret" not in state.tries.columns


def test_empty_tables_of_every_kind_are_taken() -> None:
    names = ("flows", "dns", "logins", "arp", "tls", "http", "mqtt", "dhcp", "sightings")
    window = Window("test", START, START + STEP, {name: empty(name) for name in names})
    _, out = step(State(), Facts(window, devices=read(SCENARIOS / "flood").devices()))
    assert out.findings == ()
