"""What is normal is learned by the hour: without what is suspicious, in bounded memory, the same for any windows."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cordon.detect import State, step
from cordon.detect.baseline import sketch
from cordon.detect.baseline.memory import BUCKETS, CELLS, MOST, Baselines
from cordon.detect.baseline.saying import baselines_of
from cordon.model import snapshot
from cordon.model.baseline import ERROR, Baseline, Habit, Measure, What
from cordon.model.device import DeviceEvent, Turn
from cordon.model.facts import Facts
from cordon.model.finding import Finding
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND, STEP
from cordon.model.window import Window

from .traffic import START, Scenario, Site, facts_of

PLACES = {"names.example": "198.51.100.9", "clock.example": "198.51.100.10"}
FRAMES = ("learned", "habits", "gaps", "volumes", "measures", "values", "words", "groups", "kin")


def site_of(*names: str, kind: str = "camera") -> Site:
    site = Site({"router": {"kind": "router", "gateway": True}} | {name: {"kind": kind} for name in names})
    for name in site.described:
        site.number(name)
    return site


def camera(hours: int = 5) -> Site:
    """A camera that calls home every minute, is looked at by a recorder, and asks for a name that is not there."""
    site = site_of("camera", "recorder")
    for minute in range(hours * 60):
        at = START + minute * MINUTE + 7 * SECOND
        site.flow(at, "camera", PLACES["names.example"], 443, name="api.names.example", sent=900, got=300)
        site.flow(at + 20 * SECOND, "recorder", "camera", 554, sent=200, got=40_000)
        if minute % 10 == 0:
            site.asks(at, {"device": "camera", "domain": "names.example", "labels": ["api", "www"]}, minute)
            site.add("dns", at, mac=site.mac("camera"), client=site.ip("camera"), transport="dns", is_response=True,
                     name="gone.example", rcode="NXDOMAIN")  # fmt: skip
    return site


def facts_until(site: Site, hours: int, steps: int = 360) -> list[Facts]:
    """What the stage is given, and the beginning of one hour more, so that the last is over."""
    site.flow(START + hours * HOUR + SECOND, "router", PLACES["clock.example"], 123, proto=17)
    return facts_of(Scenario(Path(), "", {}, [], site), steps)


def learned(site: Site, hours: int, steps: int = 360) -> tuple[State, list[Baseline], list[Finding]]:
    state, told, found = State(), [], []
    for facts in facts_until(site, hours, steps):
        state, out = step(state, facts)
        told += out.baselines
        found += out.findings
    return state, told, found


def habits(one: Baseline, what: What) -> dict[str, Habit]:
    return {habit.key: habit for habit in one.habits if habit.what is what}


def of(baselines: Iterable[Baseline], device: str) -> Baseline:
    """The last one told of a device."""
    return [one for one in baselines if one.device == device][-1]


def measure(one: Baseline, what: str, hour: int = -1) -> Measure:
    return next(m for m in one.measures if (m.what, m.hour, m.weekday) == (what, hour, -1))


def near(value: int, true: int) -> bool:
    """Whether a quantile is as near as its error allows; whole numbers are rounded."""
    return abs(value - true) <= true * ERROR / 1000 + 1


def test_what_a_device_does_is_told_with_its_rhythm() -> None:
    one = of(learned(camera(), 5)[1], "camera")
    (place,) = habits(one, What.PLACE).values()
    assert (place.key, place.days, place.period, place.regular) == ("names.example", 1, MINUTE, 1000)
    assert (place.first, place.last) == (START, START + 3 * HOUR - MINUTE)  # told after three hours, next after six
    assert set(habits(one, What.ASKS)) == {"tcp/443"}
    assert set(habits(one, What.OFFERS)) == {"tcp/554"}
    assert set(habits(one, What.PEER)) == {"recorder"}
    assert one.hours == 3


def test_how_much_is_told_within_the_known_error() -> None:
    one = of(learned(camera(), 5)[1], "camera")
    assert near(measure(one, "bytes sent").mid, 60 * (900 + 40_000))
    assert near(measure(one, "bytes got", hour=1).high, 60 * (300 + 200))
    assert near(measure(one, "questions").mid, 6)
    assert near(measure(one, "domains").mid, 1)
    assert near(measure(one, "failures").low, 6)
    assert near(measure(one, "flow sent").high, 40_000)


def test_fingerprints_sign_ins_and_operations_with_their_values_are_learned() -> None:
    site = site_of("panel", "plc", kind="plc")
    ends = {"mac": site.mac("panel"), "client": site.ip("panel"), "server": site.ip("plc")}
    for minute in range(70):
        at = START + minute * MINUTE
        site.add("tls", at, **ends, port=443, ja4="t13d1516h2_8daaf6152771_b186095e22b6")
        site.add("ot", at, **ends, server_mac=site.mac("plc"), port=502, protocol="modbus", access="write",
                 operation="write single register", address="7", value=f"{minute % 10}.5,3")  # fmt: skip
        site.flow(at, "panel", "plc", 502)
    site.signs_in(START + MINUTE, {"device": "panel", "to": "plc", "service": "ftp"}, 0)
    told = learned(site, 2)[1]
    one = of(told, "panel")
    assert set(habits(one, What.FINGERPRINT)) == {"t13d1516h2_8daaf6152771_b186095e22b6"}
    (written,) = habits(one, What.OPERATION).values()
    assert (written.key, written.low, written.high) == (
        f"modbus write single register {site.ip('plc')} 7", "0.5", "9.5")  # fmt: skip
    assert set(habits(one, What.LOGIN)) == {"ftp out: success"}
    assert set(habits(of(told, "plc"), What.LOGIN)) == {"ftp in: success"}


@pytest.mark.parametrize("steps", [77, 1080])
def test_windows_of_any_length_teach_the_same(steps: int) -> None:
    end = START + 3 * HOUR
    one = told_until(camera(3), end, 360)
    assert told_until(camera(3), end, steps) == one
    assert {baseline.device for baseline in one} == {"camera", "recorder"}


def told_until(site: Site, end: int, steps: int) -> list[Baseline]:
    return [one for one in learned(site, 3, steps)[1] if one.time <= end]


def test_what_was_saved_in_the_middle_of_an_hour_goes_on(tmp_path: Path) -> None:
    straight, told, _ = learned(camera(2), 2, 90)
    state, again = State(), []
    for facts in facts_until(camera(2), 2, 90):
        snapshot.save(state, tmp_path / "detect")
        state, out = step(snapshot.load(State, tmp_path / "detect"), facts)
        again += out.baselines
    assert again == told
    assert state.baselines.day == straight.baselines.day
    for name in FRAMES:
        assert_frame_equal(getattr(state.baselines, name), getattr(straight.baselines, name), check_row_order=False)


def test_state_from_before_there_were_baselines_is_read(tmp_path: Path) -> None:
    state, _, _ = learned(camera(1), 1)
    snapshot.save(state, tmp_path / "detect")
    for file in (tmp_path / "detect").glob("baselines.*"):
        file.unlink()
    assert snapshot.load(State, tmp_path / "detect").baselines.learned.is_empty()


def test_nothing_is_learned_of_a_device_that_scans() -> None:
    site = camera(3)
    for host in range(120):
        site.flow(START + HOUR + host * SECOND, "camera", f"192.168.1.{60 + host}", 23, answered=False)
    site.flow(START + HOUR + MINUTE, "camera", "203.0.113.66", 443, name="drop.example")
    state, _, found = learned(site, 3)
    assert any(one.device == "camera" and one.compromise for one in found)
    words = set(state.baselines.words["text"])
    assert "drop.example" not in words
    (one,) = baselines_of(state.baselines, pl.DataFrame({"device": ["camera"]}), "test", 0)
    assert one.hours == 1, "the hours of the day that follows are not learned either"


def test_a_place_that_a_finding_names_is_not_learned_for_a_day() -> None:
    site = site_of("camera")
    for hour in (*range(12), *range(33, 38)):
        site.lives(START + hour * HOUR + MINUTE, {"device": "camera"}, hour)
        if hour >= 10:
            site.flow(START + hour * HOUR + 5 * MINUTE, "camera", "203.0.113.40", 443, name="odd.example")
    state, told, found = learned(site, 38)
    assert [one.detector for one in found] == ["new-destination"]
    assert set(habits(of(told, "camera"), What.PLACE)) == {"maker.example"}, "after twelve hours"
    (one,) = baselines_of(state.baselines, pl.DataFrame({"device": ["camera"]}), "test", 0)
    assert habits(one, What.PLACE)["odd.example"].first == START + 35 * HOUR + 5 * MINUTE


def later(state: State, days: Iterable[int]) -> State:
    """On each of those days another device speaks, and nobody else."""
    site = site_of("camera", "recorder", "other")
    for day in days:
        site.flow(START + day * DAY + HOUR, "other", PLACES["clock.example"], 123, proto=17)
    for facts in facts_of(Scenario(Path(), "", {}, [], site), 360):
        state, _ = step(state, facts)
    return state


def test_what_is_not_met_again_fades_and_is_forgotten() -> None:
    state, _, _ = learned(camera(1), 1)
    offers = pl.col("what") == What.OFFERS
    before, after, again = (
        one.baselines.habits.filter(offers)["weight"][0]
        for one in (state, later(state, (4, 9)), later(state, (2, 4, 9)))
    )
    assert 0 < after < before
    assert after == again, "it does not matter when somebody looked"
    gone = later(state, (30, 61, 62)).baselines
    assert set(gone.learned["device"]) == {"other"}
    assert "names.example" not in set(gone.words["text"])


def test_memory_of_a_device_is_bounded_however_much_it_does() -> None:
    site = site_of("camera", "busy")
    for hour in range(3):
        for at in range(400):
            time = START + hour * HOUR + at * 8 * SECOND
            site.flow(
                time, "busy", f"198.51.{at % 200}.{hour + 1}", 1000 + at, name=f"host{at}.place{hour}-{at}.example"
            )
            site.flow(time, "busy", f"192.168.1.{30 + at % 200}", 2000 + at)
            site.add("tls", time, mac=site.mac("busy"), client=site.ip("busy"), ja4=f"t13d{at}")
    state, _, _ = learned(site, 3)
    baselines = state.baselines
    for what, most in MOST.items():
        assert baselines.habits.filter(pl.col("what") == what).group_by("number").len()["len"].max() in (
            None,
            *range(most + 1),
        )
    assert size_of(baselines, "busy") <= 10_000


def size_of(baselines: Baselines, device: str) -> int:
    """Bytes of one device's rows."""
    number = baselines.learned.filter(pl.col("device") == device)["number"][0]
    frames = (baselines.habits, baselines.gaps, baselines.volumes, baselines.measures, baselines.values)
    return sum(int(frame.filter(pl.col("number") == number).rechunk().estimated_size()) for frame in frames)


def test_all_that_a_device_may_have_is_less_than_ten_kilobytes() -> None:
    rows = {"habits": sum(MOST.values()), "gaps": 4 * MOST[What.PLACE], "volumes": CELLS, "measures": BUCKETS}
    rows["values"] = MOST[What.OPERATION]
    widths = {name: _width(getattr(Baselines(), name)) for name in rows}
    assert sum(rows[name] * widths[name] for name in rows) <= 10_000


def _width(frame: pl.DataFrame) -> int:
    """Bytes of a row: none of these columns is of texts."""
    sizes = {pl.UInt8: 1, pl.UInt16: 2, pl.UInt32: 4, pl.UInt64: 8, pl.Float64: 8}
    return sum(sizes[kind.base_type()] for kind in frame.dtypes)


def fleet(news: Callable[[Site], None]) -> list[Finding]:
    """What is found when one of five cameras does something new, that the other four do every hour."""
    names = [f"camera-{at}" for at in range(5)]
    site = site_of(*names)
    for hour in range(12):
        for name in names:
            site.lives(START + hour * HOUR + MINUTE, {"device": name}, hour)
        for name in names[1:]:
            site.flow(START + hour * HOUR + 2 * MINUTE, name, "198.51.100.90", 443, name="update.maker.example")
    news(site)
    return [one for one in learned(site, 12)[2] if one.device == "camera-0"]


def test_what_others_of_its_kind_do_is_no_new_destination() -> None:
    at = START + 11 * HOUR + 10 * MINUTE
    assert fleet(lambda site: site.flow(at, "camera-0", "198.51.100.90", 443, name="update.maker.example")) == []
    (found,) = fleet(lambda site: site.flow(at, "camera-0", "198.51.100.91", 443, name="nobodys.example"))
    assert found.detector == "new-destination"


def test_a_new_device_is_expected_to_do_what_its_kin_do() -> None:
    names = [f"camera-{at}" for at in range(4)]
    site = site_of(*names, "new")
    for hour in range(6):
        for name in names:
            site.flow(START + hour * HOUR + MINUTE, name, "198.51.100.90", 443, name="home.maker.example")
    site.flow(START + 5 * HOUR + MINUTE, "new", "198.51.100.7", 443, name="own.example")
    told = learned(site, 6)[1]
    one, old = of(told, "new"), of(told, "camera-0")
    expected = habits(one, What.PLACE)
    assert (one.group, one.kin, one.hours) == ("camera", 4, 1)
    assert (expected["maker.example"].days, expected["maker.example"].kin) == (0, 4)
    assert expected["maker.example"].expected > 800 > expected["own.example"].expected > 0
    assert old.confidence > one.confidence > 0


def test_a_part_of_a_device_brings_along_what_was_learned_of_it() -> None:
    site = camera(2)
    facts = facts_until(site, 2)
    joined = DeviceEvent("test", "camera", START + 2 * HOUR + STEP, Turn.JOINED, other="recorder")
    state = State()
    for at, one in enumerate(facts):
        state, _ = step(state, replace(one, events=(joined,)) if at == len(facts) - 1 else one)
    assert "recorder" not in set(state.baselines.learned["device"])
    (one,) = baselines_of(state.baselines, pl.DataFrame({"device": ["camera"]}), "test", 0)
    assert {"names.example"} <= set(habits(one, What.PLACE))
    assert {"tcp/554", "tcp/443"} <= set(habits(one, What.ASKS))


def test_hours_without_traffic_cost_and_teach_nothing() -> None:
    state, _, _ = learned(camera(1), 1)
    after, out = step(state, Facts(Window("test", START + 5 * HOUR, START + 5 * HOUR + STEP)))
    assert after is state
    assert out.baselines == ()


@given(st.lists(st.integers(0, 1 << 41), min_size=1, max_size=60), st.sampled_from((50, 500, 950)))
def test_quantiles_are_within_the_error(values: list[int], share: int) -> None:
    buckets = sketch.bucketed(pl.Series("bucket", values, pl.Int64))
    counts = pl.DataFrame({"of": [1] * len(values), "bucket": buckets, "count": [1] * len(values)})
    (found,) = sketch.quantiles(counts, ["of"], [share])["q0"]
    true = sorted(values)[-(-len(values) * share // 1000) - 1]
    assert near(sketch.MIDDLES[found], true)
    assert sketch.FLOORS[found] <= true <= sketch.CEILINGS[found]
