"""Network rules of Sigma become rules of ours that find what they mean; what tables do not hold is told."""

from pathlib import Path

import pytest

from cordon.detect import Knowledge, State, step
from cordon.detect.rules import detectors_of, read_rules
from cordon.detect.rules.from_sigma import Imported, imported
from cordon.model.finding import Severity
from cordon.model.tables import HOUR

from .traffic import KEY, START, Scenario, Site, facts_of

DNS = """
title: Beacon of a {known} kit
id: 11111111-2222-4333-8444-555555555555
status: test
description: Names that the kit asks for.
author: Somebody Else
tags:
  - attack.command-and-control
  - attack.t1071.004
logsource:
  category: dns
detection:
  stage:
    query|startswith: ['aaa.stage.', 'post.']
  number:
    query|contains: '.stage.123.'
  ours:
    query|endswith: '.ok.example'
  condition: (stage or number) and not ours
falsepositives:
  - Unlikely
level: high
"""


def sigma(source: str, detection: str, more: str = "") -> str:
    return f"title: A rule\nlogsource: {source}\ndetection:\n  one: {detection}\n  condition: one\n{more}"


def only(text: str) -> Imported:
    (one,) = imported(text, "a.yml")
    return one


def said(made: Site, text: str) -> list[str]:
    one = only(text)
    assert one.mistake == ""
    state, told = State(), []
    for facts in facts_of(Scenario(Path(), "", {}, [], made), 360):
        state, out = step(state, facts, detectors_of(read_rules(one.text, "x").rules), Knowledge(KEY))
        told += [finding.says for finding in out.findings]
    return told


def site() -> Site:
    made = Site({"router": {"kind": "router", "gateway": True}, "camera": {"kind": "camera"}})
    for name in made.described:
        made.number(name)
    return made


def test_a_rule_for_dns_finds_what_it_means() -> None:
    made = site()
    for at, name in enumerate(["AAA.stage.x.example", "a.b.stage.123.example", "post.ok.example", "c.example"]):
        label, _, domain = name.partition(".")
        made.asks(START + HOUR * (1 + 2 * at), {"device": "camera", "labels": [label], "domain": domain}, 0)
    tail = ', as the rule "Beacon of a known kit" of Sigma describes'
    assert said(made, DNS) == [f"asked for AAA.stage.x.example{tail}", f"asked for a.b.stage.123.example{tail}"]
    (rule,) = read_rules(only(DNS).text, "x").rules
    assert (rule.name, rule.family, rule.technique, rule.severity) == (
        "sigma-beacon-of-a-known-kit", "command-and-control", "T1071.004", Severity.HIGH,
    )  # fmt: skip
    assert "False alarms: Unlikely" in rule.explains and "by Somebody Else" in rule.explains


def test_rules_for_firewalls_and_zeek_look_at_flows() -> None:
    made = site()
    made.flow(START + HOUR, "camera", "203.0.113.7", 2323)
    made.flow(START + HOUR, "camera", "198.51.100.7", 2323)
    for source in ("{category: firewall}", "{product: zeek, service: conn}"):
        fields = "src_ip|cidr: 192.168.0.0/16, dst_ip|cidr: 203.0.113.0/24, dst_port: [23, 2323]"
        fields = fields if "firewall" in source else "id.resp_h: 203.0.113.7, id.resp_p|gte: 2323, proto: TCP"
        (says,) = said(made, sigma(source, f"{{{fields}}}"))
        assert says.startswith("spoke with 203.0.113.7 (port 2323)")


def test_rules_for_proxies_and_web_servers_look_at_requests() -> None:
    made = site()
    for path, agent in (("/a/9.sh", "Wget/1.2"), ("/b", "Wget/1.2"), ("/a/9.sh", "Mozilla/5.0 (bot; y)")):
        made.requests(START + HOUR, {"device": "camera", "to": "203.0.113.4", "paths": [path], "agent": agent}, 0)
    one = "{c-uri|re: '^/a/[0-9]+', cs-method: GET, c-useragent: 'w?et/*'}"
    assert len(said(made, sigma("{category: proxy}", one))) == 1
    assert said(made, sigma("{product: zeek, service: http}", "{uri|endswith: .py}")) == []
    assert len(said(made, sigma("{category: webserver}", "{cs-user-agent|contains|all: [bot, Moz]}"))) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (sigma("{category: process_creation, product: windows}", "{Image: x}"), "no table of ours holds what"),
        (sigma("{category: firewall}", "{action: blocked}"), "its field action has no column in flows"),
        (sigma("{category: proxy}", "{c-uri|contains: '?cmd='}"), "behind the question mark of a path"),
        (sigma("{category: proxy}", "{sc-status: 200, cs-method: GET}"), "of a request and of its answer at once"),
        (sigma("{category: dns}", "[word, other]"), "words in whole lines, which tables do not have"),
        (sigma("{category: dns}", "{query|fieldref: answer}"), "compares name in a way that rules do not"),
        (sigma("{category: dns}", "{query|re: '(a'}"), ""),
        (sigma("{category: firewall}", "{dst_port: ssh}"), "is no number, as dst_port wants"),
        (sigma("{category: dns}", "{query: a}").replace("condition: one", "condition: two"), ""),
        ("title: x\nlogsource: {category: dns}", ""),
        ("title: [", "a.yml:1: this is not valid YAML"),
        ("just text", ""),
        ("", "a.yml holds no rule of Sigma."),
        ("- 1\n- 2", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_over_is_told(text: str, says: str) -> None:
    one = only(text)
    assert one.text == "" and one.mistake.startswith("a.yml")
    assert says in one.mistake and one.mistake.endswith(".") and "\n" not in one.mistake


def test_each_rule_of_a_file_stands_for_itself() -> None:
    good, bad = sigma("{category: dns}", "{query: a.example}"), sigma("{category: dns}", "{nix: a}")
    first, second, third = imported(f"{good}---\n{bad}---\n{good}", "a.yml")
    assert (
        first.text and third.text and second.mistake.startswith("a.yml (rule 2): A rule: its field nix has no column")
    )
