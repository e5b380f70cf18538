"""What must hold for any evidence, in any order, however time is cut."""

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from trust_traces import finding, walk

from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.model.trust import Band, Trust
from cordon.trust.bands import ORDER
from cordon.trust.evidence import gone, left, piece_of
from cordon.trust.settings import DEFAULT

TRACES = 15
"""Random traces a property is tried on; raise it for a longer search."""

HOURS = 60

findings = st.builds(
    finding,
    at=st.one_of(
        st.integers(1, HOURS * 360).map(lambda step: step * STEP),
        st.integers(1, HOURS).map(lambda hour: hour * HOUR),
        st.integers(1, HOURS * HOUR),
    ),
    severity=st.sampled_from(Severity),
    level=st.sampled_from(("trial", "sound", "proven", "unheard-of")),
    weight=st.integers(0, 1200),
    detector=st.sampled_from(("scan", "beacon", "flood")),
    compromise=st.integers(0, 9).map(lambda chance: chance == 0),
)
traces = st.lists(findings, max_size=12, unique_by=lambda one: one.id)


def at_times(told: list[Trust], times: list[int]) -> list[Trust]:
    """What held at each of the times."""
    return [[one for one in told if one.time <= time][-1] for time in times]


@settings(max_examples=TRACES, deadline=None)
@given(traces)
def test_reasons_add_up_and_the_score_is_bounded(trace: list[Finding]) -> None:
    _, told = walk(trace, HOURS)
    for one in told:
        assert sum(reason.tenths for reason in one.reasons) == one.score
        assert 0 <= one.score <= 1000
        assert 0 <= one.uncertainty <= 1000
        assert one.next_change == 0 or one.next_change > one.time


@settings(max_examples=TRACES, deadline=None)
@given(traces, findings)
def test_more_evidence_never_raises_the_score(trace: list[Finding], more: Finding) -> None:
    _, less = walk(trace, HOURS)
    _, told = walk([one for one in trace if one.id != more.id] + [more], HOURS)
    times = sorted({one.time for one in (*less, *told)})
    for before, after in zip(at_times(less, times), at_times(told, times), strict=True):
        assert after.score <= before.score


@settings(max_examples=TRACES, deadline=None)
@given(traces, st.sampled_from((101, 360 * 7, HOURS * 360)))
def test_the_cut_of_windows_does_not_show(trace: list[Finding], steps: int) -> None:
    assert walk(trace, HOURS, steps) == walk(trace, HOURS, 360)


def test_windows_of_one_six_and_sixty_steps_agree() -> None:
    trace = [finding(n * 11 * MINUTE + STEP, list(Severity)[n % 5], weight=n * 9) for n in range(1, 30)]
    assert walk(trace, 6, 1) == walk(trace, 6, 6) == walk(trace, 6, 60) == walk(trace, 6, 2160)


@settings(max_examples=TRACES, deadline=None)
@given(traces, st.integers(1, HOURS * 360), st.randoms(use_true_random=False))
def test_order_of_evidence_of_one_time_does_not_matter(trace: list[Finding], step: int, chance: random.Random) -> None:
    same = [finding(step * STEP, one.severity, one.level, one.weight, one.detector, name=one.id) for one in trace]
    other = same.copy()
    chance.shuffle(other)
    assert walk(same, HOURS) == walk(other, HOURS)


@settings(max_examples=TRACES, deadline=None)
@given(traces)
def test_bands_do_not_flap(trace: list[Finding]) -> None:
    _, told = walk(trace, HOURS)
    times = {one.noticed for one in trace}
    moves = [(b.time, ORDER[b.band] - ORDER[a.band]) for a, b in pairwise(told) if a.band != b.band]
    falls = [time for time, by in moves if by < 0]
    assert len(falls) <= len(times) + 1  # and once when its profile is confirmed
    assert len(moves) - len(falls) <= 3 * (len(falls) + 1)
    for (earlier, _), (later, by) in pairwise(moves):
        assert by < 0 or later - earlier >= HOUR


@settings(max_examples=TRACES, deadline=None)
@given(traces)
def test_trial_detectors_alone_never_lower_below_usual_only(trace: list[Finding]) -> None:
    times = [one.noticed - one.noticed % STEP for one in trace]
    start = min(times, default=0)
    trial = [
        finding(time - start + HOUR, one.severity, "trial", one.weight, one.detector, one.compromise, name=one.id)
        for time, one in zip(times, trace, strict=True)
    ]
    _, told = walk(trial, HOURS)
    assert all(one.score >= 400 for one in told)
    assert {one.band for one in told} <= {Band.NORMAL, Band.USUAL_ONLY}


@settings(max_examples=200, deadline=None)
@given(findings, st.integers(0, 400 * 24 * HOUR), st.integers(0, 24 * HOUR))
def test_evidence_only_fades_and_is_gone_when_it_says_so(one: Finding, after: int, more: int) -> None:
    piece = piece_of(one, DEFAULT)
    assert left(piece, piece.time) == piece.weight
    assert left(piece, piece.time + after) >= left(piece, piece.time + after + more)
    assert left(piece, piece.time + piece.half_life) == piece.weight // 2
    assert left(piece, gone(piece)) == 0
    assert piece.weight == 0 or left(piece, gone(piece) - 1) > 0
