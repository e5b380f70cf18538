"""What is counted of detection: found, late, of another family or device, merged, learned, quiet; what is malformed."""

import ipaddress
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation.detecting.expected import Event, Expected, Malformed, read
from evaluation.detecting.follow import Outcome, follow
from evaluation.detecting.score import LATE, judge
from evaluation.detecting.sums import at_most, share, together

from cordon.lab.scenario import write_scenario
from cordon.model.tables import MINUTE, SECOND

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A port scan of a few minutes, by a camera, after two quiet hours."""
    out = tmp_path_factory.mktemp("scan")
    written = write_scenario(out, devices=60, days=0.12, seed=3, story="port-scan")
    assert written.packets
    return out


@pytest.fixture(scope="module")
def out(folder: Path) -> Outcome:
    return follow(folder / "traffic.pcap")


@pytest.fixture(scope="module")
def scan(out: Outcome) -> Event:
    """The scan as it would be expected, about the device that did it."""
    found = next(one for one in out.findings.values() if one.detector == "port-scan")
    address = sorted(out.addresses[found.device])[0]
    return Event("scan", address, found.began - out.begin - SECOND, found.noticed - out.begin + MINUTE)


def expecting(*events: Event, learn: int = 0, quiet: bool = False) -> Expected:
    return Expected("one", Path("traffic.pcap"), (), events, learn, quiet)


def test_an_event_is_found_with_the_time_it_took(out: Outcome, scan: Event) -> None:
    row = judge(expecting(scan), out)
    assert row.false == ()
    assert row.seconds[0] is not None and 0 < row.seconds[0] <= 60


def test_an_event_without_device_and_times_is_found_by_its_family(out: Outcome) -> None:
    assert judge(expecting(Event("scan")), out).seconds[0] is not None


def test_what_is_noticed_too_late_is_missed_and_false(out: Outcome, scan: Event) -> None:
    early = replace(scan, start=0, end=scan.start - LATE - MINUTE)
    row = judge(expecting(early), out)
    assert row.seconds == (None,) and len(row.false) == 1


def test_what_is_noticed_before_an_event_begins_does_not_find_it(out: Outcome, scan: Event) -> None:
    later = replace(scan, start=scan.end + 20 * MINUTE, end=-1)
    assert judge(expecting(later), out).seconds == (None,)


def test_another_family_or_device_does_not_find_it(out: Outcome, scan: Event) -> None:
    for other in (replace(scan, family="flood"), replace(scan, device="192.0.2.1")):
        row = judge(expecting(other), out)
        assert row.seconds == (None,) and len(row.false) == 1


def test_two_events_of_one_story_are_found_by_one_incident(out: Outcome, scan: Event) -> None:
    row = judge(expecting(scan, replace(scan, end=scan.end + MINUTE)), out)
    assert None not in row.seconds and row.false == ()


def test_nothing_counts_while_learning(out: Outcome, scan: Event) -> None:
    row = judge(expecting(scan, learn=scan.end + 30 * MINUTE), out)
    assert row.seconds == (None,) and row.false == ()
    assert row.device_days < judge(expecting(scan), out).device_days


def test_whatever_is_raised_where_all_is_quiet_is_false(out: Outcome) -> None:
    row = judge(expecting(quiet=True), out)
    assert len(row.false) == 1 and "port-scan" in row.false[0]


def test_exposures_and_changes_are_no_incidents(out: Outcome) -> None:
    standing = {
        name: replace(one, family="exposure") if one.family == "scan" else one for name, one in out.findings.items()
    }
    assert judge(expecting(quiet=True), replace(out, findings=standing)).false == ()


def test_only_devices_of_the_scenarios_own_networks_make_device_days(out: Outcome) -> None:
    elsewhere = replace(expecting(quiet=True), local=(ipaddress.ip_network("198.51.100.0/24"),))
    assert judge(elsewhere, out).device_days == 0


def test_sums_tell_recall_by_family_and_a_bound(out: Outcome, scan: Event) -> None:
    found = together([judge(expecting(scan), out), judge(expecting(replace(scan, family="flood")), out)])
    assert found["recall"] == 0.5 and found["recall_by_family"] == {"flood": 0.0, "scan": 1.0}
    assert found["false_incidents"] == 1 and found["false_per_device_day"] > 0
    assert found["seconds_to_detect"]["p50"] == found["seconds_to_detect"]["p95"]
    assert at_most(0) == pytest.approx(2.996, abs=0.01) and at_most(1) == pytest.approx(4.744, abs=0.01)
    assert share([1, 2, 3, 4], 0.95) == 4 and share([], 0.5) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("quiet = ", "is not valid TOML"),
        ("", "there is no event"),
        ('[[event]]\nfamily = "magic"', "event 1: family is 'magic'"),
        ('[[event]]\nfamily = "scan"\ndevice = "camera"', "event 1: device is 'camera'"),
        ('[[event]]\nfamily = "scan"\nstart = 9\nend = 3', "event 1: it ends before it starts"),
        ('[[event]]\nfamily = "scan"\nstart = "noon"', "start is 'noon'"),
        ('quiet = true\nlocal = ["lan"]', "local names 'lan'"),
        ('quiet = true\n[[event]]\nfamily = "scan"', "leave one of them out"),
        ("quiet = true\nlearn = -4", "learn is -4"),
        ("quiet = 1", "quiet is 1"),
    ],
)
def test_a_malformed_expectation_is_told_in_one_sentence_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "traffic.pcap").write_bytes(b"")
    (tmp_path / "expect.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Malformed) as told:
        read(tmp_path)
    assert says in str(told.value) and str(tmp_path / "expect.toml") in str(told.value)
    assert "\n" not in str(told.value)


def test_a_folder_of_scenarios_is_measured_and_what_is_malformed_left_out(folder: Path, tmp_path: Path) -> None:
    for name in ("empty", "broken", "good"):
        (tmp_path / name).mkdir()
    (tmp_path / "empty" / "expect.toml").write_text("quiet = true", encoding="utf-8")
    (tmp_path / "broken" / "expect.toml").write_text("quiet = true", encoding="utf-8")
    (tmp_path / "broken" / "traffic.pcap").write_bytes(b"this is no capture")
    shutil.copy(folder / "traffic.pcap", tmp_path / "good" / "traffic.pcap")
    (tmp_path / "good" / "expect.toml").write_text('[[event]]\nfamily = "scan"\n', encoding="utf-8")
    asked = [sys.executable, str(ROOT / "evaluation" / "detect.py"), "--scenarios", str(tmp_path), "--json"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout)
    assert found["recall"] == 1.0 and found["malformed"] == 2
    assert [row["scenario"] for row in found["scenarios"]] == ["broken", "empty", "good"]
    assert "holds no traffic" in ran.stderr and "broken" in ran.stderr
    wanted = {
        "recall",
        "recall_by_family",
        "seconds_to_detect",
        "false_incidents",
        "device_days",
        "false_per_device_day",
    }
    assert wanted <= set(found)


def test_a_log_is_known_only_when_its_connections_have_ended(tmp_path: Path) -> None:
    head = (
        "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t"
    )
    head += (
        "duration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n"
    )
    lines = [
        f"{1_700_000_000 + at}.0\tC{at}\t192.168.1.9\t{40000 + at}\t203.0.113.{at + 1}\t23\ttcp\t-\t50.0\t0\t0\tS0\tS"
        "\t1\t60\t0\t0"
        for at in range(60)
    ]
    (tmp_path / "conn.log").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "expect.toml").write_text('[[event]]\nfamily = "spread"\ndevice = "192.168.1.9"\n', encoding="utf-8")
    expected = read(tmp_path)
    row = judge(expected, follow(expected.traffic))
    assert row.seconds[0] is not None and row.seconds[0] >= 50
