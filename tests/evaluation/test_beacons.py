"""Beacons among heartbeats: what is counted is what was meant, and a few of them are found without a false one."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from evaluation.beaconing import rita, rows
from evaluation.beaconing.fleet import fleet
from evaluation.beaconing.measure import START, Measured, groups, measure
from evaluation.beaconing.profiles import Profile, profiles

from cordon.model.tables import DAY, HOUR, MINUTE, SECOND, TABLES

CLOCK = Profile("clock", "clock", "", "https by number", 10 * MINUTE, 0.02, 0.0, 300, 0.05, 8 * HOUR, 16 * HOUR, 3)
WAVERING = replace(CLOCK, name="wavering", shape="uniform-50", transport="udp", jitter=0.5, seed=5)
ASKING = replace(CLOCK, name="asking", transport="dns", seed=9)


@pytest.fixture(scope="module")
def out() -> Measured:
    return measure((CLOCK, WAVERING, ASKING), 4, devices=6, days=1)


def test_calls_home_are_found_and_heartbeats_are_not_taken_for_them(out: Measured) -> None:
    late_to_come = ("newhome", "integration")  # places that a device alone calls steadily, and never did before
    assert all(any(name in said for name in late_to_come) for said in out.false), out.false
    assert all(late is not None and 0 < late < 30 for late in out.found.values()), out.found


def test_each_profile_and_every_other_pair_has_a_score_of_the_yardstick(out: Measured) -> None:
    assert out.rita.keys() == out.found.keys() and len(out.rita_other) > 20
    assert out.rita["clock"] > 0.9


def test_profiles_are_fifty_and_those_of_another_seed_are_others() -> None:
    one, other = profiles(1), profiles(2)
    assert len(one) == len(other) == 50 and profiles(1) == one
    assert not {each.period for each in one} & {each.period for each in other}
    named = groups(one)
    assert min(len(names) for names in named.values()) >= 4 and len(named["all"]) == 50


def test_calls_of_a_profile_keep_its_period_jitter_and_hours() -> None:
    gaps = np.diff(replace(CLOCK, jitter=0.5, shape="uniform-50").calls(START))
    assert 0.5 * CLOCK.period * 0.99 <= gaps.min() and gaps.max() <= 1.5 * CLOCK.period * 1.01
    at_work = replace(CLOCK, shape="hours", end=5 * DAY).calls(START) % DAY
    assert at_work.min() >= 8 * HOUR and at_work.max() < 17 * HOUR
    lost = replace(CLOCK, shape="drop-outs", lost=0.4).calls(START)
    assert lost.size < 0.7 * CLOCK.calls(START).size


def test_rows_keep_the_tables_schemas_and_one_row_of_a_flow_and_step() -> None:
    tables = rows.tables(fleet(3, START, devices=4, days=1))
    assert all(dict(frame.schema) == TABLES[name] for name, frame in tables.items())
    flows = tables["flows"]
    assert not flows.select(pl.struct("flow", "step").is_duplicated().any()).item()
    assert (flows["last"] < flows["step"] + 10 * SECOND).all() and flows.filter("is_first")["flow"].is_unique().all()


def test_the_yardsticks_timing_falls_with_jitter_as_its_authors_formula_does() -> None:
    chance = np.random.default_rng(1)
    same = np.full(4000, 400)
    for jitter in (0.2, 0.8):
        times = np.cumsum(chance.uniform(1 - jitter, 1 + jitter, 4000) * 1000).astype(np.int64)
        assert rita.even(np.diff(times), 10) == pytest.approx(1 - jitter / 4, abs=0.03)
    assert rita.even(chance.exponential(1000, 9000).astype(np.int64), 10) == pytest.approx(0.52, abs=0.03)
    assert rita.even(same, 10) == 1 and rita.score(np.array([0, 1, 2]) * SECOND, same[:3]) == 0
