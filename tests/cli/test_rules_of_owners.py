"""Rules of owners on the command line: checked by file and line, taken over from Sigma, told of in findings."""

import sys
from pathlib import Path

import pytest
from logs_by_hand import conn, tsv
from running import Cordon

RULE = 'name: any-call\nsays: "called {peer}"\nwhen: {initiated: true}\nexplains: Nobody should call.\n'
SIGMA = "title: Odd names\nlogsource: {category: dns}\ndetection:\n  one: {query: a.example}\n  condition: one\n"


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def test_rules_that_hold_are_listed_and_others_told_with_their_line(cordon: Cordon, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(RULE)
    ended = cordon.on_state("rules", "check", path)
    assert ended.status == 0 and "any-call" in ended.out and ended.err == ""
    path.write_text(f"{RULE}---\nname: bad\nsays: x\nwhen: {{nix: 1}}\n")
    ended = cordon.on_state("rules", "check", path)
    assert ended.status == 2 and "any-call" in ended.out
    assert f"{path}:8: talks has no column nix" in ended.err and "1 rule left out." in ended.err


def test_without_a_file_the_folder_of_the_settings_is_checked(cordon: Cordon) -> None:
    assert "There is no rule in" in cordon.on_state("rules", "check").err
    (cordon.state / "rules").mkdir(parents=True)
    (cordon.state / "rules" / "a.yaml").write_text(RULE)
    assert "any-call" in cordon.on_state("rules", "check").out
    ended = cordon.on_state("rules", "check", cordon.state / "gone.yaml")
    assert ended.status == 2 and "gone.yaml does not exist." in ended.err


def test_a_rule_finds_and_why_says_what_it_is_for(cordon: Cordon, tmp_path: Path) -> None:
    (cordon.state / "rules").mkdir(parents=True)
    (cordon.state / "rules" / "a.yaml").write_text(RULE)
    assert cordon.on_state("read", tsv(tmp_path / "conn.log", "conn", [conn("C1", 3.0)])).status == 0
    (finding,) = cordon.on_state("findings", "--json").json("findings")
    assert (finding["detector"], finding["says"]) == ("rule:any-call", "called 198.51.100.7")
    told = cordon.on_state("why", finding["id"]).out
    assert "Nobody should call." in told and "198.51.100.7" in told


def test_rules_of_sigma_become_files_of_ours(cordon: Cordon, tmp_path: Path) -> None:
    path = tmp_path / "odd.yml"
    path.write_text(f"{SIGMA}---\n{SIGMA.replace('query', 'nix')}")
    ended = cordon.on_state("rules", "import", path)
    made = cordon.state / "rules" / "sigma-odd-names.yaml"
    assert ended.status == 2 and ended.out == f"{made}: Odd names\n"
    assert f"{path} (rule 2): Odd names: its field nix has no column in dns." in ended.err
    assert "sigma-odd-names" in cordon.on_state("rules", "check").out
    for name, says in (("gone.yml", "cannot be read"), (".", "cannot be read (Is a directory)")):
        ended = cordon.on_state("rules", "import", tmp_path / name)
        assert ended.status == 2 and says in ended.err
    (tmp_path / "odd.yml").write_bytes(b"\xff\xff")
    assert "is no text in UTF-8" in cordon.on_state("rules", "import", path).err


def test_without_its_parser_sigma_is_told_how_to_be_had(cordon: Cordon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cordon.detect.rules.from_sigma", None)
    ended = cordon.on_state("rules", "import", "any.yml")
    assert ended.status == 2 and "pySigma, which is not installed: pip install cordon[sigma]" in ended.err
