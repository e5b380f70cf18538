"""All tables: the simulated site, the scenarios of this repository, and what is there of real captures and logs."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from evaluation.detecting import baselines, labelled, own, real, stories
from evaluation.detecting import show as tables
from evaluation.detecting.expected import Expected, read
from evaluation.detecting.follow import Outcome, follow
from evaluation.detecting.score import Row, judge
from evaluation.detecting.sums import together

Pair = tuple[Expected, Outcome]
RULES: Final = tuple(baselines.RULES)


def show(root: Path, *, as_json: bool) -> None:
    """Measures all there is and prints it."""
    captures = Path(os.environ.get("CORDON_SHARED", root.parent / "shared")) / "data" / "captures"
    found: dict[str, Any] = {}
    for name, title, part in (
        ("lab", "The stories of the simulated site", _lab()),
        ("iot23", "Connection logs of infected devices (IoT-23)", _logs(captures / "iot23")),
        ("attacks", "Captures of attacks", real.attacks(captures / "attacks")),
        ("aalto", "Devices being set up, without an attack (Aalto)", real.set_ups(captures / "aalto")),
    ):
        if not as_json:
            print(f"\n### {title}\n")
        found[name] = _measured(part, captures / "iot23" if name == "iot23" else None)
        if not as_json:
            _print(found[name])
    found["scenarios"] = own.judged(root / "scenarios")
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n### The scenarios of the repository\n")
        own.show(found["scenarios"])


def _lab() -> Iterator[Pair]:
    with tempfile.TemporaryDirectory() as folder:
        for name in stories.STORIES:
            path = stories.write(Path(folder) / name, name, seed=7)
            yield read(path), follow(path / "traffic.pcap", flows=True)
            (path / "traffic.pcap").unlink()


def _logs(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.glob("*/conn.log")):
        yield labelled.expected(path.parent), follow(path)


def _measured(pairs: Iterable[Pair], logs: Path | None) -> dict[str, Any]:
    rows: dict[str, list[Row]] = {name: [] for name in ("Cordon", *RULES)}
    flows = [0, 0, 0, 0]
    for expected, out in pairs:
        rows["Cordon"].append(judge(expected, out))
        if not out.flows.is_empty():
            for rule in RULES:
                rows[rule].append(baselines.judge(rule, expected, out))
        if logs is not None:
            counts = labelled.per_flow(expected.traffic.parent, out)
            flows = [a + b for a, b in zip(flows, counts, strict=True)]
    found = together(rows["Cordon"])
    found["baselines"] = {rule: together(rows[rule]) for rule in RULES if rows[rule]}
    if logs is not None:
        hit, wrong, bad, _ = flows
        found["flows"] = {
            "precision": round(hit / (hit + wrong), 4) if hit + wrong else None,
            "recall": round(hit / bad, 4) if bad else None,
        }
    return found


def _print(found: dict[str, Any]) -> None:
    if not found["scenarios"]:
        print("left out: the captures are not there")
        return
    tables.scenarios(found)
    if flows := found.get("flows"):
        print(f"\nflow by flow: precision {flows['precision']}, recall {flows['recall']}")
    if found["baselines"]:
        tables.beside(found)
