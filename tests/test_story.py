"""The whole loop on the demo site: every step of the attack is found, and nobody else suffers for it."""

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))


from cordon.lab.scenario import Scenario, write_scenario
from cordon.model.tables import MINUTE, SECOND
from cordon.model.trust import Band
from story import Outcome, follow

SHOWN_BY = {
    "default-credential": {"default-credential"},
    "new-destination": {"new-destination"},
    "beacon": {"beacon"},
    "address-scan": {"address-scan"},
    "port-scan": {"port-scan"},
    "telnet-spread": {"telnet-spread"},
    "dns-tunnel": {"dns-tunnel"},
    "arp-spoofing": {"arp-spoofing"},
    "exfiltration": {"exfiltration"},
    "flood": {"flood"},
}
"""What the lab did, and the detectors that show it."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    folder = tmp_path_factory.mktemp("demo")
    yield write_scenario(folder, seed=1, story="camera-taken")
    (folder / "traffic.pcap").unlink()


@pytest.fixture(scope="module")
def expect(demo: Scenario) -> dict[str, object]:
    return tomllib.loads((demo.out / "expect.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def outcome(demo: Scenario) -> Outcome:
    return follow([demo.out / "traffic.pcap"], 3600)


def device_of(outcome: Outcome, mac: str) -> str:
    (found,) = [device.id for device in outcome.devices.values() if mac in device.macs]
    return found


def steps(expect: dict[str, object]) -> list[dict[str, object]]:
    listed = expect["step"]
    assert isinstance(listed, list)
    return listed


def test_no_part_fails(outcome: Outcome) -> None:
    assert outcome.failures == {}


def test_every_device_of_the_site_is_seen(demo: Scenario, outcome: Outcome) -> None:
    there = {one["mac"] for one in json.loads((demo.out / "devices.json").read_text(encoding="utf-8"))}
    assert len(there) >= 60
    assert there <= {mac for device in outcome.devices.values() for mac in device.macs}


def test_every_step_of_the_story_is_found_on_the_device_that_did_it(
    outcome: Outcome, expect: dict[str, object]
) -> None:
    missed = []
    for step in steps(expect):
        device, begins, ends = device_of(outcome, str(step["device"])), int(str(step["begins"])), int(str(step["ends"]))
        # Spreading by Telnet begins with the scan for it: that is when it should be noticed.
        early = 20 * MINUTE if step["what"] == "telnet-spread" else 0
        if not any(
            finding.detector in SHOWN_BY[str(step["what"])]
            and finding.device == device
            and begins - early <= finding.noticed <= min(ends, begins + 15 * MINUTE) + MINUTE
            for finding in outcome.findings
        ):
            missed.append(step["id"])
    assert missed == []


def test_the_camera_ends_cordoned(outcome: Outcome, expect: dict[str, object]) -> None:
    camera = outcome.trust[device_of(outcome, str(steps(expect)[0]["device"]))]
    assert camera.band == Band.CORDONED
    assert sum(reason.tenths for reason in camera.reasons) == camera.score


def test_no_device_outside_the_story_ever_falls_below_normal(outcome: Outcome, expect: dict[str, object]) -> None:
    listed = expect["must_not"]
    assert isinstance(listed, list)
    innocent = {device_of(outcome, one["device"]) for one in listed}
    assert len(innocent) >= 60
    fallen = {trust.device for trust in outcome.below_normal if trust.device in innocent}
    assert fallen == set()


def test_nothing_above_low_is_said_of_anybody_else(outcome: Outcome, expect: dict[str, object]) -> None:
    villains = {device_of(outcome, str(step["device"])) for step in steps(expect)}
    loud = [f"{f.detector}: {f.says}" for f in outcome.findings if f.device not in villains and f.severity > 1]
    assert loud == []


def test_the_story_is_one_incident_and_the_camera_its_patient_zero(outcome: Outcome, expect: dict[str, object]) -> None:
    (incident,) = [one for one in outcome.incidents.values() if not one.title.startswith("Part of another")]
    assert incident.patient_zero == device_of(outcome, str(steps(expect)[0]["device"]))


def cut(capture: Path, begin: int, end: int, to: Path) -> Path:
    """The packets of a microsecond pcap in ``begin <= time < end`` (µs)."""
    raw = capture.read_bytes()
    out, at = [raw[:24]], 24
    while at < len(raw):
        seconds, micros, length = (int.from_bytes(raw[at + i : at + i + 4], "little") for i in (0, 4, 8))
        if begin <= seconds * SECOND + micros < end:
            out.append(raw[at : at + 16 + length])
        at += 16 + length
    to.write_bytes(b"".join(out))
    return to


@pytest.fixture(scope="module")
def heart(demo: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The capture around the break-in, the scan and the first beacons."""
    begin = demo.story_begin - 8 * MINUTE
    target = tmp_path_factory.mktemp("heart") / "heart.pcap"
    return cut(demo.out / "traffic.pcap", begin, begin + 25 * MINUTE, target)


def test_windows_of_any_length_give_the_same_facts(heart: Path) -> None:
    outcomes = [follow([heart], seconds) for seconds in (1, 10, 60, 3600)]
    assert outcomes[0].incidents
    for other in outcomes[1:]:
        assert other.incidents == outcomes[0].incidents
        assert other.findings == outcomes[0].findings
        assert other.devices == outcomes[0].devices
        assert other.trust == outcomes[0].trust


def test_the_same_capture_gives_the_same_facts_to_the_bit(demo: Scenario, outcome: Outcome) -> None:
    again = follow([demo.out / "traffic.pcap"], 3600)
    for name in ("devices", "findings", "trust", "incidents", "decisions", "changes"):
        assert getattr(again, name) == getattr(outcome, name), name
