"""What a capture leads to, through the whole pipeline: findings, bands and incidents, and how long it took.

    python evaluation/story.py [SCENARIO_FOLDER] [--window SECONDS] [--same SECONDS …]

Without a folder the lab's demo day is written first. With ``--same`` the capture is followed again in windows of those
lengths, and every fact is compared. Prints each step of the scenario with the finding that shows it and how late, the
findings outside of the story, and the devices below *normal*.
"""

import argparse
import json
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from cordon.config import Config
from cordon.lab.scenario import write_scenario
from cordon.model.decision import Change, Decision
from cordon.model.device import Device
from cordon.model.facts import Facts
from cordon.model.finding import Finding
from cordon.model.incident import Incident
from cordon.model.tables import SECOND
from cordon.model.trust import Band, Trust
from cordon.pipeline import Pipeline
from cordon.sources import CaptureSource

KEY = bytes(range(32))


@dataclass
class Outcome:
    """All facts of a capture, the latest of each id."""

    devices: dict[str, Device] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    trust: dict[str, Trust] = field(default_factory=dict)
    lowest: dict[str, Trust] = field(default_factory=dict)
    below_normal: list[Trust] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    incidents: dict[str, Incident] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def follow(captures: list[Path], seconds: int, site: str = "lab") -> Outcome:
    """Runs captures through a new pipeline with windows of that length."""
    source = CaptureSource(captures, site=site, window=seconds * SECOND, segment="lan", secret_key=KEY)
    pipeline = Pipeline(site, Config(site=site), KEY)
    out = Outcome()
    for window in source:
        for facts in pipeline.advance(window):
            _gather(out, facts)
    for facts in pipeline.finish():
        _gather(out, facts)
    out.failures = dict(pipeline.health.reasons)
    return out


def _gather(out: Outcome, facts: Facts) -> None:
    out.devices.update({one.id: one for one in facts.devices})
    out.findings.extend(facts.findings)
    for trust in facts.trusts:
        out.trust[trust.device] = trust
        if trust.device not in out.lowest or trust.score < out.lowest[trust.device].score:
            out.lowest[trust.device] = trust
        if trust.band != Band.NORMAL:
            out.below_normal.append(trust)
    out.decisions.extend(facts.decisions)
    out.changes.extend(facts.changes)
    out.incidents.update({one.id: one for one in facts.incidents})


def main() -> None:
    """Prints the outcome of a scenario."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", type=Path, nargs="?")
    parser.add_argument("--window", type=int, default=3600)
    parser.add_argument("--same", type=int, nargs="*", default=[])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.scenario is None:
            asked.scenario = write_scenario(Path(folder) / "day", seed=1).out
        out = report(asked.scenario, asked.window)
        for seconds in asked.same:
            began = time.monotonic()
            same = follow([asked.scenario / "traffic.pcap"], seconds) == out
            said = "the same facts" if same else "OTHER FACTS"
            print(f"windows of {seconds} s: {said} ({time.monotonic() - began:.0f} s)")


def report(scenario: Path, window: int) -> Outcome:
    """Follows a scenario, prints what came of it, and hands it back."""
    began = time.monotonic()
    out = follow([scenario / "traffic.pcap"], window)
    took = time.monotonic() - began
    expect = tomllib.loads((scenario / "expect.toml").read_text())
    who = {one["mac"]: one for one in json.loads((scenario / "devices.json").read_text())}
    owner = {mac: device.id for device in out.devices.values() for mac in device.macs}
    name = {owner[mac]: one["name"] for mac, one in who.items() if mac in owner}
    print(f"{took:.1f} s; {len(out.devices)} devices, {len(out.findings)} findings, {len(out.incidents)} incidents")
    for part, reason in out.failures.items():
        print("FAILED", part, reason)
    told = set()
    for step in expect.get("step", []):
        mine = [
            f
            for f in out.findings
            if f.device == owner.get(step["device"]) and step["begins"] <= f.noticed <= step["ends"] + 1800 * SECOND
        ]
        hits = [f for f in mine if f.detector == step["what"] or f.family == step["what"]]
        told.update(f.id for f in hits)
        late = f"{(hits[0].noticed - step['begins']) / 1e6:.0f} s" if hits else "MISSED"
        print(f"  {step['id']:16} {step['what']:20} {late:>8}  {hits[0].says if hits else ''}")
    villains = {owner.get(step["device"]) for step in expect.get("step", [])}
    others = [f for f in out.findings if f.device not in villains]
    print("outside the story:", Counter((f.detector, f.severity.name) for f in others))
    for f in others[:40]:
        print(f"  {name.get(f.device, f.device):24} {f.detector:22} {f.severity.name:7} {f.says}")
    print("villains' other findings:")
    for f in out.findings:
        if f.device in villains and f.id not in told:
            print(f"  {name.get(f.device, f.device):24} {f.detector:22} {f.severity.name:7} {f.says}")
    print("below normal at any time:")
    for device, trust in sorted(out.lowest.items()):
        if trust.band != Band.NORMAL or device in villains:
            now = out.trust[device]
            print(
                f"  {name.get(device, device):24} lowest {trust.score / 10} {trust.band};"
                f" now {now.score / 10} {now.band}"
            )
    for incident in out.incidents.values():
        print("incident:", incident.title, "|", name.get(incident.patient_zero), "|", len(incident.events), "events")
    kinds = Counter()
    for mac, one in who.items():
        if mac in owner:
            said = out.devices[owner[mac]].kind.value
            kinds["right" if said == one["kind"] else "none" if not said else f"{one['kind']} as {said}"] += 1
        else:
            kinds["not seen"] += 1
    print("kinds:", dict(kinds))
    return out


if __name__ == "__main__":
    main()
