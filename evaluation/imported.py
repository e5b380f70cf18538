"""Prints what is found in flow logs alone: Zeek's connection logs of five labelled scenarios (IoT-23).

Run: ``PYTHONPATH=src python evaluation/imported.py [FOLDER]``; FOLDER holds a folder for each scenario with conn.log
(and labels.csv), else `../shared/data/captures/iot23` beside the repository is taken, or `CORDON_SHARED`. Stratosphere
Laboratory, IoT-23 (Garcia, Parmisano, Erquiaga 2020).
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from cordon.config import Config
from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR
from cordon.pipeline import Pipeline
from cordon.sources import open_source

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("CORDON_SHARED") or ROOT.parent / "shared")
INFECTED = {
    "CTU-Malware-Capture-8-1": ("Hakai", "192.168.100.113"),
    "CTU-Malware-Capture-20-1": ("Torii", "192.168.100.103"),
    "CTU-Malware-Capture-44-1": ("Mirai", "192.168.1.199"),
}
"""Which host was infected with what, as the data set's authors say."""


@dataclass(slots=True)
class Outcome:
    """What came of one scenario."""

    flows: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    ips: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def about(self, ip: str) -> list[Finding]:
        """The findings about the device that had that address."""
        return [one for one in self.findings if ip in self.ips.get(one.device, ())]

    def worst(self) -> Severity:
        """The severity of the gravest finding."""
        return max((one.severity for one in self.findings), default=Severity.INFO)


def read(log: Path, window: int = HOUR) -> Outcome:
    """Runs a log through the whole pipeline with the settings as shipped."""
    outcome, began = Outcome(), perf_counter()
    source = open_source([log], site="site", window=window, secret_key=bytes(32))
    pipeline = Pipeline("site", Config(), bytes(32))
    for window_ in source:
        for facts in pipeline.advance(window_):
            take(outcome, facts)
    for facts in pipeline.finish():
        take(outcome, facts)
    outcome.flows = source.stats()["flows"]
    outcome.seconds = perf_counter() - began
    if pipeline.health.failures:
        raise SystemExit(f"{log}: {pipeline.health.reasons}")
    return outcome


def take(outcome: Outcome, facts: object) -> None:
    """Keeps what is counted of one step's facts."""
    outcome.findings += facts.findings  # type: ignore[attr-defined]  # facts of the pipeline
    outcome.ips.update({device.id: device.ips for device in facts.devices})  # type: ignore[attr-defined]


def main() -> None:
    """Reads every scenario and prints the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "data" / "captures" / "iot23"
    logs = sorted(folder.glob("*/conn.log"))
    if not logs:
        sys.exit(f"{folder} holds no scenarios; name the folder that does")
    print("| scenario | flows | infected device found | findings about it | other findings | seconds |")
    print("|---|---:|---|---|---|---:|")
    for log in logs:
        outcome = read(log)
        malware, host = INFECTED.get(log.parent.name, ("benign", ""))
        about = outcome.about(host)
        found = ("yes" if any(one.severity > Severity.LOW for one in about) else "no") if host else "–"
        others = [one for one in outcome.findings if one not in about]
        name = f"{log.parent.name.removeprefix('CTU-').replace('-Capture', '')} ({malware})"
        print(f"| {name} | {outcome.flows} | {found} | {said(about)} | {said(others)} | {outcome.seconds:.1f} |")


def said(findings: list[Finding]) -> str:
    """Findings by detector, with the gravest severity of each."""
    counts = Counter(one.detector for one in findings)
    worst = {one: max(f.severity for f in findings if f.detector == one).name.lower() for one in counts}
    return ", ".join(f"{one} ×{count} ({worst[one]})" for one, count in sorted(counts.items())) or "none"


if __name__ == "__main__":
    main()
