"""Findings that belong together are one incident, however time is cut."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cordon import incidents
from cordon.incidents.titles import title
from cordon.model import snapshot
from cordon.model.decision import Change, Decision, Mode
from cordon.model.device import Attribute, Device
from cordon.model.facts import Facts
from cordon.model.finding import Finding, Severity
from cordon.model.incident import Incident
from cordon.model.tables import DAY, HOUR, MINUTE, STEP
from cordon.model.trust import Band
from cordon.model.window import Window

CAMERA = Device("camera", "site", 1, 1, (), (), (), kind=Attribute("camera", 900))


def finding(at: int, device: str = "camera", **given: Any) -> Finding:
    """A finding noticed at that time, which began a minute before."""
    plain = {
        "id": f"finding-{at}-{device}",
        "site": "site",
        "detector": "d",
        "family": "spread",
        "technique": "T1021",
        "severity": Severity.HIGH,
        "level": "proven",
        "began": at - MINUTE,
        "says": "did it",
    }
    return Finding(**{**plain, "device": device, "noticed": at, **given})


def decision(at: int, band: Band = Band.CORDONED, device: str = "camera") -> Decision:
    return Decision(f"decision-{at}", "site", device, at, band, Mode.WATCH, "Would be cut off", ())


def tell(*facts: Finding | Decision, until: int = 0, span: int = 10 * HOUR) -> list[Incident]:
    """All incident facts of a walk in windows of that span."""
    state, told, time = incidents.State(), [], 0
    until = until or max(one.noticed if isinstance(one, Finding) else one.time for one in facts) + STEP
    while time < until:
        end = time + span
        now = [one for one in facts if time < (one.noticed if isinstance(one, Finding) else one.time) <= end]
        decisions = tuple(one for one in now if isinstance(one, Decision))
        bundle = Facts(
            Window("site", time, end),
            devices=(CAMERA,) if time == 0 else (),
            findings=tuple(one for one in now if isinstance(one, Finding)),
            decisions=decisions,
            changes=tuple(Change(f"change-{one.id}", "site", one.id, "nftables", "a\nb", "") for one in decisions),
        )
        state, bundle = incidents.step(state, bundle)
        told.extend(bundle.incidents)
        time = end
    return told


def test_findings_of_a_device_within_six_hours_are_one_incident() -> None:
    told = tell(finding(HOUR), finding(6 * HOUR, technique="T1046"), finding(13 * HOUR), until=14 * HOUR)
    first, grown, other = told
    assert grown.id == first.id != other.id
    assert grown.techniques == ("T1021", "T1046")
    assert [event.source for event in grown.events] == [f"finding-{HOUR}-camera", f"finding-{6 * HOUR}-camera"]


def test_low_findings_make_no_incident_but_join_one() -> None:
    low = {"severity": Severity.LOW}
    assert tell(finding(HOUR, **low), finding(2 * HOUR, severity=Severity.INFO)) == []
    told = tell(finding(HOUR), finding(2 * HOUR, **low), finding(2 * HOUR, "printer", **low))
    assert [len(one.events) for one in told] == [1, 2]


def test_device_that_was_attacked_and_attacks_joins_the_story() -> None:
    told = tell(finding(HOUR, peers=("recorder",)), finding(2 * HOUR, "recorder"), finding(2 * HOUR, "printer"))
    assert {one.devices for one in told} == {("camera",), ("camera", "recorder"), ("printer",)}


def test_device_that_attacks_somebody_of_the_story_joins_it() -> None:
    told = tell(finding(HOUR), finding(2 * HOUR, "laptop", began=HOUR // 2, peers=("camera",)))
    assert (told[-1].devices, told[-1].patient_zero) == (("camera", "laptop"), "laptop")
    assert told[-1].id == told[0].id
    assert told[-1].began == HOUR // 2


def test_two_incidents_become_one_when_a_finding_links_them() -> None:
    told = tell(finding(HOUR), finding(2 * HOUR, "laptop"), finding(3 * HOUR, "laptop", peers=("camera",)))
    assert len({one.id for one in told}) == 2
    absorbed, whole = told[-2:]
    assert absorbed.closed == 3 * HOUR
    assert absorbed.title.startswith("Part of another incident: ")
    assert (whole.id, len(whole.events), whole.closed) == (told[0].id, 3, 0)


def test_times_of_an_incident() -> None:
    told = tell(finding(HOUR), decision(HOUR + STEP), decision(2 * HOUR, Band.NORMAL), until=40 * HOUR)
    last = told[-1]
    assert (last.began, last.noticed, last.acted, last.closed) == (HOUR - MINUTE, HOUR, HOUR + STEP, 26 * HOUR)
    assert [event.what for event in last.events] == ["finding", "decision", "change", "decision", "change"]
    assert last.events[2].says == "Would run 2 nftables commands"


def test_decision_alone_makes_no_incident() -> None:
    assert tell(decision(HOUR)) == []


@pytest.mark.parametrize("span", [STEP, 6 * STEP, 60 * STEP, HOUR, 100 * HOUR])
def test_cut_of_windows_does_not_show(span: int) -> None:
    story = [
        finding(HOUR, peers=("recorder",)),
        finding(HOUR, "printer"),
        decision(HOUR),
        finding(90 * MINUTE, "recorder", compromise=True, peers=("printer",)),
        finding(100 * MINUTE + 3, severity=Severity.LOW),
        finding(30 * HOUR, "printer"),
    ]
    once = tell(*story, until=55 * HOUR)
    assert tell(*story, until=55 * HOUR, span=span) == once
    assert tell(*story[::-1], until=55 * HOUR) == once
    assert sum(1 for one in once if one.closed) == 3


def test_story_is_in_order_of_what_happened() -> None:
    told = tell(*(finding(HOUR + n * MINUTE, began=HOUR - n * MINUTE) for n in range(5)))
    assert all(a.time <= b.time for a, b in pairwise(told[-1].events))


def test_state_survives_a_restart(tmp_path: Path) -> None:
    first = Facts(Window("site", 0, 2 * HOUR), devices=(CAMERA,), findings=(finding(HOUR, peers=("recorder",)),))
    state, _ = incidents.step(incidents.State(), first)
    snapshot.save(state, tmp_path / "incidents")
    restored = snapshot.load(incidents.State, tmp_path / "incidents")
    later = Facts(Window("site", 2 * HOUR, 2 * DAY), findings=(finding(3 * HOUR, "recorder"),))
    one, another = incidents.step(state, later), incidents.step(restored, later)
    assert (one[0], one[1].incidents) == (another[0], another[1].incidents)


@pytest.mark.parametrize(
    ("kind", "others", "families", "says"),
    [
        ("camera", 0, {"spread", "compromise"}, "A camera was taken over and attacked others"),
        (
            "camera",
            2,
            {"spread", "scan"},
            "A camera attacked others and searched the network; 2 other devices are involved",
        ),
        ("ups", 0, {"command-and-control"}, "A UPS reported to somebody outside"),
        ("hmi", 1, {"never-heard-of"}, "An HMI behaved unusually; 1 other device is involved"),
        ("air-quality", 0, {"brute-force"}, "An air-quality monitor had a part in doubtful sign-ins"),
        (
            "",
            0,
            {"exfiltration", "command-and-control"},
            "A device sent data to a stranger and reported to somebody outside",
        ),
    ],
)
def test_title_is_a_plain_sentence(kind: str, others: int, families: set[str], says: str) -> None:
    assert title(kind, others, families) == says


def test_title_tells_of_patient_zero() -> None:
    told = tell(finding(HOUR, compromise=True, peers=("hub",)), finding(2 * HOUR, "hub", family="scan"))
    assert told[-1].title == "A camera was taken over and attacked others; 1 other device is involved"
