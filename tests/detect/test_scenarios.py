"""Each scenario folder: what must be found is found, what must not is not, however the windows are cut."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cordon.detect import Knowledge, State, step
from cordon.model.finding import Finding
from cordon.model.threats import FeedAbout, keep_feed
from cordon.sources.feeds import read_feed

from .traffic import KEY, START, Scenario, facts_of, read

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "scenarios").glob("*/scenario.toml"))
MACS = {
    "alerts": ["src_mac", "dst_mac"],
    "arp": ["mac"],
    "dhcp": ["sender_mac"],
    "dns": ["mac"],
    "health": ["mac"],
    "http": ["mac"],
    "logins": ["mac", "server_mac"],
    "ot": ["mac", "server_mac"],
    "sightings": ["mac"],
}
"""The columns in which a device may stand on a row."""

AN_EVENING = 2500
"""Steps from which on the shortest windows are of a minute: days in steps of ten seconds take minutes."""


def known(scenario: Scenario, feeds: Path) -> Knowledge:
    """What is known beforehand: of a scenario with a `feed.txt` also what that lists."""
    if (feed := scenario.folder / "feed.txt").exists():
        outcome = read_feed(feed.read_bytes(), feed.name)
        about = FeedAbout("told", "feed.txt", outcome.form, "", 14, START, outcome.rows.height, 0, 0)
        keep_feed(feeds, about, outcome.rows)
    return Knowledge(KEY, feeds=feeds)


def run(scenario: Scenario, steps: int, feeds: Path) -> tuple[tuple[Finding, ...], pl.DataFrame]:
    state, found, talks, knowledge = State(), [], [], known(scenario, feeds)
    for facts in facts_of(scenario, steps):
        state, out = step(state, facts, knowledge=knowledge)
        found += out.findings
        assert out.talks is not None
        talks.append(out.talks)
    return tuple(found), pl.concat(talks)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenario_is_judged_as_its_folder_says_for_any_window(folder: Path, tmp_path: Path) -> None:
    scenario = read(folder)
    found, talks = run(scenario, 60, tmp_path)
    said = {(one.detector, one.device) for one in found}
    spoke = {detector for detector, _ in said}
    told = "\n".join(f"{one.detector}: {one.device} {one.says}" for one in found)
    wanted = {(detector, device) for detector, devices in scenario.must.items() for device in devices}
    assert wanted <= said, told
    assert not spoke & set(scenario.must_not), told
    for steps in (1, 6) if scenario.length <= AN_EVENING else (6, 30):
        again, heard = run(scenario, steps, tmp_path)
        assert again == found
        assert_frame_equal(heard, talks)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_rows_that_show_a_finding_are_its_devices_own(folder: Path, tmp_path: Path) -> None:
    scenario = read(folder)
    found, talks = run(scenario, 60, tmp_path)
    tables = scenario.tables() | {"talks": talks}
    for finding in found:
        assert finding.rows is not None
        rows = tables[finding.rows.table].filter(pl.col("time").is_between(*span(finding), closed="left"))
        for column, value in finding.rows.where:
            rows = rows.filter(pl.col(column).cast(pl.String) == value)
        assert rows.height, finding
        if finding.rows.table == "talks":
            concerned = pl.col("device") == finding.device
        else:
            mac = scenario.site.mac(finding.device)
            concerned = pl.any_horizontal(pl.col(column) == mac for column in MACS[finding.rows.table])
        assert rows.filter(~concerned).is_empty(), finding


def span(finding: Finding) -> tuple[int, int]:
    assert finding.rows is not None
    return finding.rows.begin, finding.rows.end
