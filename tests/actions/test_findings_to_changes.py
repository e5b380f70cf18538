"""From findings to a story with its changes: the stages one after the other, as they are joined."""

import pytest

from cordon import actions, incidents, policy, trust
from cordon.model.codec import encode
from cordon.model.device import Attribute, Device
from cordon.model.facts import Facts
from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR, MINUTE, STEP
from cordon.model.window import Window

CAMERA = Device("camera", "site", 5, 5, ("02:00:00:00:00:01",), ("10.0.0.9",), ("cam",), kind=Attribute("camera", 900))
PRINTER = Device("printer", "site", 5, 5, ("02:00:00:00:00:02",), ("10.0.0.10",), ())


def finding(name: str, at: int, severity: Severity, weight: int, compromise: bool = False) -> Finding:
    return Finding(
        f"finding-{name}-{at}", "site", "camera", name, "spread", "T1021", severity, "proven", at - STEP, at, "did it",
        (), ("printer",), weight, compromise,
    )  # fmt: skip


STORY = (
    finding("address-scan", HOUR + 5 * MINUTE, Severity.MEDIUM, 250),
    finding("telnet-spread", HOUR + 9 * MINUTE, Severity.HIGH, 600, compromise=True),
    finding("flood", 2 * HOUR, Severity.CRITICAL, 700, compromise=True),
)


def told(span: int, hours: int = 30) -> list[object]:
    """All facts of the story, walked through in windows of that span, in plain form."""
    states = (trust.State(), policy.State(), actions.State(), incidents.State())
    facts: dict[str, list[object]] = {"trusts": [], "decisions": [], "changes": [], "incidents": []}
    for begin in range(0, hours * HOUR, span):
        now = Facts(
            Window("site", begin, begin + span),
            devices=(CAMERA, PRINTER) if begin == 0 else (),
            findings=tuple(one for one in STORY if begin < one.noticed <= begin + span),
        )
        trusted, now = trust.step(states[0], now)
        decided, now = policy.step(states[1], now)
        planned, now = actions.step(states[2], now)
        grouped, now = incidents.step(states[3], now)
        states = (trusted, decided, planned, grouped)
        for name, kept in facts.items():
            kept.extend(getattr(now, name))
    return [encode(one) for kept in facts.values() for one in kept]


def test_compromised_camera_would_be_cordoned_at_once_and_only_the_camera() -> None:
    facts = [one for one in told(HOUR) if isinstance(one, dict)]
    decision = next(one for one in facts if "mode" in one)
    assert (decision["device"], decision["band"], decision["time"]) == ("camera", "cordoned", HOUR + 9 * MINUTE)
    assert f"finding-telnet-spread-{HOUR + 9 * MINUTE}" in decision["because"]
    assert {one["band"] for one in facts if one.get("device") == "printer"} == {"normal"}
    last = [one for one in facts if "patient_zero" in one][-1]
    assert (last["title"], last["acted"]) == ("A camera was taken over and attacked others", decision["time"])
    assert [event["what"] for event in last["events"]] == ["finding", "finding", "decision", "change", "finding"]
    assert last["closed"] == 26 * HOUR


@pytest.mark.parametrize("span", [6 * STEP, 60 * STEP, 10 * HOUR])
def test_cut_of_windows_does_not_show(span: int) -> None:
    assert told(span) == told(STEP * 30)
