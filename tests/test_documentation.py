"""The documentation does not promise what is not there: links lead somewhere, commands exist, examples work."""

import re
import shlex
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cordon.cli.app import app
from cordon.config import Config, load
from cordon.detect import State, step
from cordon.detect.detector import Detector
from cordon.detect.rules import read_rules
from cordon.devices.fingerprint import parse_all
from detect.traffic import facts_of, read

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
HOW_TO = ROOT / "docs" / "how-to"
each = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def blocks(name: str, language: str) -> list[str]:
    text = (HOW_TO / name).read_text(encoding="utf-8")
    return [block for kind, block in BLOCK.findall(text) if kind == language]


def commands(page: Path) -> list[list[str]]:
    """The commands of ours that a page tells people to type."""
    found = []
    for kind, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines() if not kind else ():
            said = re.match(r"(?:\$ )?(?:\.venv/bin/)?cordon ((?!COMMAND|is at)\S.*)", line)
            if said:
                found.append(shlex.split(re.split(r"\s[>|]\s", said[1])[0], comments=True))
    return found


@each
def test_links_lead_to_a_page_and_a_heading_that_exist(page: Path) -> None:
    for target in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(there), f"{target} leads to no heading"


@each
def test_commands_and_their_options_exist(page: Path) -> None:
    program: Any = typer.main.get_command(app)
    for words in commands(page):
        command, rest = program, [word for word in words if word != "--version"]
        if not rest:
            continue
        while hasattr(command, "commands"):
            assert rest and rest[0] in command.commands, f"cordon {' '.join(words)}"
            command = command.commands[rest.pop(0)]
        options = {name for one in command.params for name in one.opts if name.startswith("--")}
        assert {word for word in rest if word.startswith("--")} <= options, f"cordon {' '.join(words)}"


def test_index_leads_to_every_guide() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [guide.name for guide in HOW_TO.glob("*.md") if f"(how-to/{guide.name})" not in index] == []


def test_detector_of_the_guide_finds_what_its_scenario_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("desktop_spread")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(blocks("write-a-detector.md", "python")[0], module.__dict__)  # noqa: S102  # our own page, as people copy it
    detector: type[Detector] = module.__dict__["DesktopSpread"]
    text = next(block for block in blocks("write-a-detector.md", "toml") if "[must]" in block)
    (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
    scenario = read(tmp_path)
    state, found = State(), set()
    for facts in facts_of(scenario, 6):
        state, out = step(state, facts, detectors=(detector(),))
        found |= {(one.detector, one.device) for one in out.findings}
    assert found == {(name, device) for name, devices in scenario.must.items() for device in devices}


def test_fingerprint_of_the_guide_says_what_its_example_says() -> None:
    (one,) = parse_all([("guide.toml", blocks("write-a-fingerprint.md", "toml")[0])])
    for example in one.examples:
        assert one.match(example["value"]) == {name: text for name, text in example.items() if name != "value"}
    assert [one.match(value) for value in one.nots] == [None] * len(one.nots)


def test_settings_of_the_guide_are_settings(tmp_path: Path) -> None:

    (tmp_path / "cordon.toml").write_text(blocks("tune-and-troubleshoot.md", "toml")[0], encoding="utf-8")
    assert load(tmp_path) != Config()


def test_rules_of_the_guide_hold() -> None:
    read = read_rules(blocks("write-a-rule.md", "yaml")[0], "guide.yaml")
    assert [rule.name for rule in read.rules] == ["camera-telnet-out", "many-names"] and read.mistakes == []
