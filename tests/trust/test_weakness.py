"""What is weak about a device costs trust while it stands open, within a bound, and gives it back when it is gone."""

from dataclasses import replace

import pytest
from trust_traces import BEGIN, CAMERA, finding, talks

from cordon import trust
from cordon.model.exposure import Exposure, Reach, Standing
from cordon.model.facts import Facts
from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.model.trust import Band, Trust
from cordon.model.window import Window


def weak(number: int, at: int, weight: int = 50, standing: Standing = Standing.OPEN,
         severity: Severity = Severity.HIGH) -> Exposure:  # fmt: skip
    time = BEGIN + at
    return Exposure(f"exposure-{number}", "site", CAMERA.id, "telnet-in-use", "", "services", severity, "proven",
                    weight, 10, Reach.NETWORK, time, time, time, standing, f"is weak {number}")  # fmt: skip


def walk(exposures: list[Exposure], findings: list[Finding] | None = None, hours: int = 6,
         steps: int = 360) -> list[Trust]:  # fmt: skip
    state, told, time = trust.State(), [], BEGIN
    while time < BEGIN + hours * HOUR:
        end = time + steps * STEP
        facts = Facts(
            Window("site", time, end),
            devices=(CAMERA,) if time <= CAMERA.time < end else (),
            talks=talks(CAMERA.id, time, end),
            findings=tuple(one for one in findings or [] if time < one.noticed <= end),
            exposures=tuple(one for one in exposures if time < one.time <= end),
        )
        state, facts = trust.step(state, facts)
        told += facts.trusts
        time = end
    assert all(sum(reason.tenths for reason in one.reasons) == one.score for one in told)
    return told


def sources(one: Trust) -> dict[str, int]:
    return {reason.source: reason.tenths for reason in one.reasons}


def test_an_exposure_is_a_reason_from_when_it_opens() -> None:
    told = walk([weak(1, 10 * MINUTE)])
    assert (told[1].time, told[1].score - told[0].score) == (BEGIN + 10 * MINUTE, -50)
    assert sources(told[1])["exposure-1"] == -50
    assert told[1].next_change == 0


@pytest.mark.parametrize("standing", [Standing.REPAIRED, Standing.UNSEEN, Standing.ACCEPTED, Standing.MOVED])
def test_what_is_gone_or_accepted_costs_nothing_from_the_next_hour_on(standing: Standing) -> None:
    told = walk([weak(1, 10 * MINUTE), weak(1, 90 * MINUTE, standing=standing)])
    assert [one.time - BEGIN for one in told] == [0, 10 * MINUTE, 2 * HOUR]
    assert "exposure-1" not in sources(told[-1])
    assert told[-1].score == told[0].score


def test_all_exposures_together_are_bounded_and_leave_it_normal() -> None:
    told = walk([weak(number, number * MINUTE) for number in range(1, 20)])
    assert told[0].score - told[-1].score == 80
    assert sources(told[-1])["exposure-limit"] == 19 * 50 - 80
    assert told[-1].band is Band.NORMAL


def test_exposures_and_low_findings_share_a_bound() -> None:
    low = [finding(n * MINUTE, Severity.LOW, weight=90, detector=f"one-{n}") for n in range(1, 6)]
    told = walk([weak(number, number * MINUTE) for number in range(1, 5)], low)
    assert min(one.score for one in told) == told[0].score - 100


def test_one_of_many_that_is_repaired_is_no_reason_any_more_although_the_score_stays() -> None:
    several = [weak(number, MINUTE) for number in range(1, 5)]
    told = walk([*several, weak(2, 90 * MINUTE, standing=Standing.REPAIRED)])
    assert told[-1].score == told[-2].score
    assert "exposure-2" not in sources(told[-1])


def test_what_is_only_worth_knowing_costs_nothing() -> None:
    assert len(walk([weak(1, MINUTE, severity=Severity.INFO)])) == 1


def test_the_cut_of_windows_does_not_show() -> None:
    exposures = [weak(1, 10 * MINUTE), weak(2, 30 * MINUTE), weak(1, 100 * MINUTE, standing=Standing.REPAIRED),
                 weak(1, 200 * MINUTE), replace(weak(2, 210 * MINUTE), standing=Standing.ACCEPTED)]  # fmt: skip
    assert walk(exposures, steps=1) == walk(exposures, steps=6) == walk(exposures, steps=360)
