"""Rules of owners: what is wrong names its line and the rest holds; what holds finds the same however time is cut."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from cordon.config import Config, load
from cordon.detect import Knowledge, State, step
from cordon.detect.rules import Rule, detectors_of, load_rules, read_file, read_rules
from cordon.model import snapshot
from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR, MINUTE, SECOND, STEP
from cordon.pipeline import Pipeline

from .traffic import KEY, START, Scenario, Site, facts_of

RULE = """name: telnet-out
says: "opened Telnet to {peer} on port {port}"
when:
  initiated: true
  port: [23, 2323]
"""


def rule(text: str) -> Rule:
    read = read_rules(text, "rules/a.yaml")
    assert read.mistakes == []
    (one,) = read.rules
    return one


def site(*names: str) -> Site:
    made = Site({"router": {"kind": "router", "gateway": True}} | {name: {"kind": "camera"} for name in names})
    for name in made.described:
        made.number(name)
    return made


def found(made: Site, text: str, steps: int = 60, folder: Path = Path()) -> list[Finding]:
    state, told, detectors = State(), [], detectors_of(read_rules(text, "a.yaml").rules)
    for facts in facts_of(Scenario(folder, "", {}, [], made), steps):
        state, out = step(state, facts, detectors, Knowledge(KEY))
        told += out.findings
    return told


def test_a_rule_is_a_detector_of_its_own() -> None:
    made = site("camera", "plug")
    made.flow(START + HOUR, "camera", "203.0.113.9", 23)
    made.flow(START + HOUR, "plug", "203.0.113.9", 443)
    (one,) = found(made, RULE)
    assert (one.detector, one.device, one.says) == (
        "rule:telnet-out",
        "camera",
        "opened Telnet to 203.0.113.9 on port 23",
    )
    assert (one.family, one.severity, one.level, one.weight) == ("abuse", Severity.MEDIUM, "trial", 100)
    assert one.rows is not None and one.rows.where == (("device", "camera"),)


def test_what_a_rule_leaves_open_has_a_default_and_the_rest_is_its_own() -> None:
    told = rule(RULE + "family: spread\ntechnique: T1021\nseverity: high\nexplains: Nobody should.\npause: 2h\n")
    (detector,) = detectors_of([told])
    assert (detector.family, detector.technique, detector.severity) == ("spread", "T1021", Severity.HIGH)
    assert (detector.span, type(detector).__doc__) == (2 * HOUR, "Nobody should.")


CONDITIONS = {
    "{name: A.Example}": ["a.example"],
    "{name: [a.example, b.example]}": ["a.example", "b.example"],
    "{name: {in: [a.example]}}": ["a.example"],
    "{name: {contains: EXAM, ends: .org}}": ["c.example.org"],
    "{name: {begins: [a, c]}}": ["a.example", "c.example.org"],
    "{name: {matches: '^[ab]\\.'}}": ["a.example", "b.example"],
    "{name: {empty: false}, not: {name: {begins: a}}}": ["b.example", "c.example.org"],
    "{any: [{name: a.example}, {peer: 192.0.2.2}]}": ["a.example", "b.example"],
    "[{name: a.example}, {peer: 192.0.2.2}]": ["a.example", "b.example"],
    "{peer: {cidr: 192.0.2.2/31}}": ["b.example", "c.example.org"],
    "{bytes_out: {greater: 200, at-most: 300}}": ["c.example.org"],
    "{bytes_out: {less: 200}}": ["a.example"],
    "{all: [{bytes_out: {at-least: 200}}, {port: 443}], not: [{name: b.example}]}": ["c.example.org"],
    "{initiated: false}": [],
}


def test_conditions_mean_what_they_say() -> None:
    made = site("camera")
    for at, name in enumerate(["a.example", "b.example", "c.example.org"], 1):
        made.flow(START + HOUR + at * 70 * MINUTE, "camera", f"192.0.2.{at}", 443, name=name, sent=at * 100)
    text = "---\n".join(f"name: r{at}\nsays: '{{name}}'\nwhen: {when}\n" for at, when in enumerate(CONDITIONS))
    said: dict[str, list[str]] = {when: [] for when in CONDITIONS}
    for one in found(made, text, steps=360):
        said[list(CONDITIONS)[int(one.detector.removeprefix("rule:r"))]].append(one.says)
    assert said == CONDITIONS


def test_lists_of_texts_are_met_by_any_of_them() -> None:
    made = site("camera")
    made.resolves(START + HOUR, {"device": "camera", "name": "x.example", "addresses": ["203.0.113.7"]}, 0)
    text = "name: x\nsays: got {name}\ntable: dns\nwhen: {answers: {cidr: 203.0.113.0/29}, type: A}\n"
    assert [one.says for one in found(made, text)] == ["got x.example"]
    assert found(made, text.replace("113.0/29", "113.8/29")) == []


def test_the_device_is_the_side_that_the_rule_names() -> None:
    made = site("camera", "recorder")
    made.signs_in(START + HOUR, {"device": "camera", "to": "recorder", "user": "root", "service": "ssh"}, 0)
    text = "name: x\nsays: as {user}\ntable: logins\nwhen: {user: root}\n"
    (client,) = found(made, text)
    (server,) = found(made, text + "device: server\n")
    assert (client.device, client.peers) == ("camera", ("recorder",))
    assert (server.device, server.peers) == ("recorder", ("camera",))


def test_every_table_can_be_looked_at() -> None:
    made = site("camera", "plc")
    made.requests(START + HOUR, {"device": "camera", "to": "203.0.113.4", "paths": ["/a"]}, 0)
    made.asks(START + HOUR, {"device": "camera", "domain": "a.example"}, 0)
    made.fetches(START + HOUR, {"device": "camera", "to": "203.0.113.4", "file": "a"}, 0)
    made.operates(START + HOUR, {"device": "camera", "to": "plc"}, 0)
    made.claims(START + HOUR, {"device": "camera"}, 0)
    made.offers(START + HOUR, {"device": "camera"}, 0)
    made.shakes_hands(START + HOUR, {"device": "camera", "to": "203.0.113.4"}, 0)
    made.alerts(START + HOUR, {"device": "camera", "to": "203.0.113.4", "signature": "1:1", "text": "x"}, 0)
    tables = ("flows", "dns", "http", "files", "ot", "arp", "dhcp", "alerts", "tls")
    side = {"dhcp": "device: server\n"}
    rule = "name: x-{}\nsays: was there\ntable: {}\nwhen: {{segment: lan}}\n{}"
    told = found(made, "---\n".join(rule.format(table, table, side.get(table, "")) for table in tables))
    assert {one.detector for one in told if one.device == "camera"} == {f"rule:x-{table}" for table in tables}
    frames = Scenario(Path(), "", {}, [], made).tables()
    for one in told:
        assert one.rows is not None
        rows = frames[one.rows.table]
        for column, value in one.rows.where:
            rows = rows.filter(pl.col(column).cast(pl.String) == value)
        assert rows.height


def test_one_finding_until_it_has_paused() -> None:
    made = site("camera")
    for at in (0, 20, 50, 55, 200):
        made.flow(START + HOUR + at * MINUTE, "camera", "203.0.113.9", 23)
    assert [one.began - START - HOUR for one in found(made, RULE)] == [0, 200 * MINUTE]
    assert len(found(made, RULE + "pause: 10m\n")) == 4


COUNTED = """name: many-places
says: called {count} places
when: {initiated: true}
count: {of: peer, least: 3, within: 10m}
"""


@pytest.mark.parametrize("steps", [1, 7, 60, 360])
def test_different_values_within_a_span_are_counted_however_time_is_cut(steps: int) -> None:
    made = site("camera", "plug")
    for at in range(3):
        for times in range(4):
            made.flow(START + HOUR - MINUTE + at * 4 * MINUTE + times, "camera", f"203.0.113.{at}", 443)
            made.flow(START + HOUR + at * 11 * MINUTE, "plug", f"203.0.113.{at}", 443)
            made.flow(START + 5 * HOUR + times, "plug", "203.0.113.1", 443)
    (one,) = found(made, COUNTED, steps)
    assert (one.device, one.says) == ("camera", "called 3 places")
    assert (one.began, one.noticed) == (START + HOUR - MINUTE, START + HOUR + 7 * MINUTE + STEP)
    assert one.rows is not None and (one.rows.begin, one.rows.end) == (one.began // STEP * STEP, one.noticed)


def test_rows_are_counted_where_no_column_is_named() -> None:
    made = site("camera")
    for at in range(5):
        made.flow(START + HOUR + at * 30 * SECOND, "camera", "203.0.113.1", 443)
    text = "name: x\nsays: called {count} times\nwhen: {initiated: true}\ncount: {least: 4, within: 2m}\n"
    assert [one.says for one in found(made, text)] == ["called 4 times"]
    assert found(made, text.replace("2m", "1m")) == []


def test_what_was_counted_survives_a_saved_state_and_is_let_go_in_time(tmp_path: Path) -> None:
    made = site("camera")
    for at in range(3):
        made.flow(START + HOUR + at * 2 * MINUTE, "camera", f"203.0.113.{at}", 443)
    made.flow(START + 12 * HOUR, "camera", "203.0.113.1", 443)
    state, told, detectors = State(), [], detectors_of([rule(COUNTED)])
    for facts in facts_of(Scenario(tmp_path, "", {}, [], made), 6):
        snapshot.save(state, tmp_path / "detect")
        state, out = step(snapshot.load(State, tmp_path / "detect"), facts, detectors, Knowledge(KEY))
        told += out.findings
    assert [one.says for one in told] == ["called 3 places"]
    assert state.tallies.height == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: a\nsays: x\nwhen: {prot: 6}", "a.yaml:3: talks has no column prot; there are step, time"),
        ("name: a\nsays: x\nwhen:\n  port: many", "a.yaml:4: 'many' is no number, as port wants."),
        ("name: a\nsays: x\nwhen:\n  port: {above: 3}", "a.yaml:4: port is a number, which above does not compare"),
        ("name: a\nsays: x\nwhen:\n  name: {greater: 3}", "a.yaml:4: name is a text, which greater does not compare"),
        ("name: a\nsays: x\nwhen:\n  initiated: maybe", "a.yaml:4: 'maybe' is neither true nor false"),
        ("name: a\nsays: x\nwhen:\n  peer: {cidr: 1.2.3.4.5}", "a.yaml:4: '1.2.3.4.5' is no network"),
        ("name: a\nsays: x\nwhen:\n  name: {matches: '('}", "a.yaml:4: '(' is no pattern"),
        ("name: a\nsays: x\nwhen: {}", "a.yaml:3: nothing is asked of a row."),
        ("name: a\nsays: x\nwhen: {name: []}", "a.yaml:3: name is compared with nothing."),
        ("name: a\nsays: x\nwhen: {name: [[a]]}", "a.yaml:3: name is one word or text."),
        ("name: a\nsays: x\nwhen: {port: 1, port: 2}", "a.yaml:3: port stands there twice."),
        ("name: a\nsays: x {nix}\nwhen: {port: 1}", "a.yaml:2: says names {nix}; there are the columns of talks"),
        ("name: a\nsays: x {port!r}\nwhen: {port: 1}", "a.yaml:2: says names {port}"),
        ("name: a\nsays: x {port.real}\nwhen: {port: 1}", "a.yaml:2: says names {port.real}"),
        ("name: a\nsays: x {\nwhen: {port: 1}", "a.yaml:2: says has a brace too many or too few"),
        ("name: a\nsays: x {count}\nwhen: {port: 1}", "a.yaml:2: says names {count}"),
        ("name: A b\nsays: x\nwhen: {port: 1}", "a.yaml:1: name is 'A b'; it must be lower-case letters"),
        ("says: x\nwhen: {port: 1}", "a.yaml:1: name is missing."),
        ("name: a\nsays: x\nwhen: {port: 1}\ntable: nix", "a.yaml:4: table is 'nix'; it must be one of talks, flows"),
        ("name: a\nsays: x\nwhen: {port: 1}\nfamily: x", "a.yaml:4: family is 'x'; it must be one of scan"),
        ("name: a\nsays: x\nwhen: {port: 1}\nseverity: x", "a.yaml:4: severity is 'x'; it must be one of info, low"),
        ("name: a\nsays: x\nwhen: {port: 1}\ntechnique: x", "a.yaml:4: technique is 'x'; it must be a technique"),
        ("name: a\nsays: x\nwhen: {port: 1}\nif: x", "a.yaml:4: if is nothing that a rule says; there are name, says"),
        ("name: a\nsays: x\nwhen: {port: 1}\ncount: {least: 0, within: 1m}", "a.yaml:4: least is '0'"),
        ("name: a\nsays: x\nwhen: {port: 1}\ncount: {least: 1}", "a.yaml:4: within is missing."),
        ("name: a\nsays: x\nwhen: {port: 1}\ncount: {least: 1, within: 7h}", "a.yaml:4: within is '7h'; it must be"),
        ("name: a\nsays: x\nwhen: {port: 1}\ncount: {of: nix, least: 1, within: 1m}", "a.yaml:4: of is 'nix'"),
        ("name: a\nsays: x\nwhen: {port: 1}\npause: 3", "a.yaml:4: pause is '3'; it must be a time such as 30s"),
        ("- a\n- b", "a.yaml:1: a rule is a list of `name: value` pairs."),
        ("name: [a]\nsays: x\nwhen: {port: 1}", "a.yaml:1: name is one word or text."),
        ("name: a\n  says: x", "a.yaml:2: this is not valid YAML"),
        ("a: &x [1]\nb: *x", "a.yaml:1: aliases (*name) are not read"),
        ("a: \x01", "a.yaml:1: this is not valid YAML"),
        ("x" * 300_000, "a.yaml:1: the file is larger than 256 kB."),
        ("name: a\nsays: x\nwhen: " + "[" * 1500, "nested too deep"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_line(text: str, says: str) -> None:
    read = read_rules(text, "a.yaml")
    assert read.rules == [] and len(read.mistakes) == 1
    assert says in read.mistakes[0] and read.mistakes[0].endswith(".")


def test_the_rest_of_a_file_and_of_a_folder_loads(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        f"{RULE}---\nname: bad\nsays: x\nwhen: {{nix: 1}}\n---\n{RULE.replace('-out', '-2')}"
    )
    (tmp_path / "b.yml").write_text(RULE.replace("-out", "-3") + "---\n{")
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "d.yaml").write_text(RULE)
    (tmp_path / "e.yaml").mkdir()
    (tmp_path / "notes.txt").write_text("no rule")
    read = load_rules(tmp_path)
    assert [one.name for one in read.rules] == ["telnet-out", "telnet-2", "telnet-3"]
    places = [one.removeprefix(f"{tmp_path}/").partition(": ")[0] for one in read.mistakes]
    assert places == ["a.yaml:9", "b.yml:7", "c.yaml", "d.yaml:1", "e.yaml cannot be read (Is a directory)."]
    assert f"there is a rule telnet-out already, at {tmp_path / 'a.yaml'}:1." in read.mistakes[3]


def test_a_folder_that_is_not_there_has_no_rules(tmp_path: Path) -> None:
    assert load_rules(tmp_path / "rules").rules == load_rules(None).rules == []
    assert "cannot be read" in read_file(tmp_path / "gone.yaml").mistakes[0]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120) | st.binary(max_size=60).map(lambda one: RULE + one.decode("latin-1")))
def test_any_text_is_rules_or_mistakes(text: str) -> None:
    read = read_rules(text, "a.yaml")
    assert all(one.startswith("a.yaml:") for one in read.mistakes)


def test_the_pipeline_takes_the_rules_of_the_settings_and_tells_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(f"{RULE}---\nname: bad\n")
    made = site("camera")
    made.presents(START + HOUR, {"device": "camera", "field": "mac", "values": [""]}, 0)
    made.flow(START + HOUR, "camera", "203.0.113.66", 23)
    with structlog.testing.capture_logs() as logs:
        pipeline = Pipeline("test", load(tmp_path), KEY)
    assert pipeline.health.failures["rules"] == 1 and "a.yaml:7: says is missing" in pipeline.health.reasons["rules"]
    assert [one["event"] for one in logs] == ["rule left out"]
    told = []
    for facts in facts_of(Scenario(tmp_path, "", {}, [], made), 60):
        told += [one for facts_ in pipeline.advance(replace(facts.window)) for one in facts_.findings]
    told += [one for facts_ in pipeline.finish() for one in facts_.findings]
    assert [one.detector for one in told] == ["rule:telnet-out"]


def test_the_folder_of_rules_is_meant_from_where_the_settings_stand(tmp_path: Path) -> None:
    assert Config().rules.folder is None
    assert load(tmp_path).rules.folder == tmp_path / "rules"
    (tmp_path / "cordon.toml").write_text('[rules]\nfolder = "mine"')
    assert load(tmp_path).rules.folder == tmp_path / "mine"
    (tmp_path / "cordon.toml").write_text('[rules]\nfolder = "/etc/mine"')
    assert load(tmp_path).rules.folder == Path("/etc/mine")
