"""The asking commands print what the record says: for people, and by their schemas for programs."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from record_site import CAMERA, DEVICES, FINDING, INCIDENT, PRINTER, made, window
from running import Cordon

from cordon.cli.output import WATCHING, clean, many, score, size
from cordon.model.facts import Facts
from cordon.shapes import iso
from cordon.store import Store


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(made(tmp_path / "state"), capsys)


def test_devices_are_printed_by_their_schema(cordon: Cordon) -> None:
    ended = cordon.on_state("devices", "--json")
    camera = next(entry for entry in ended.json("devices") if entry["id"] == CAMERA)
    assert (camera["vendor"], camera["kind"], camera["trust"], camera["band"]) == ("Axis", "camera", 10.0, "cordoned")
    assert camera["confidence"]["kind"] == 0.95
    assert camera["evidence"][0]["says"] == "Axis"
    assert camera["first_seen"] == "2022-01-08T12:00:00.000000Z"
    assert ended.err.strip() == WATCHING


def test_devices_are_listed_for_people(cordon: Cordon) -> None:
    ended = cordon.on_state("devices", "--sort", "trust")
    assert "Lobby-Camera" in ended.out
    assert "cordoned (would be)" in ended.out
    assert "as of 8 Jan 2022 12:00 UTC" in ended.out
    assert WATCHING in ended.out
    assert ended.err == ""


def test_devices_are_filtered_and_limited(cordon: Cordon) -> None:
    assert [one["id"] for one in cordon.on_state("devices", "--json", "--kind", "printer").json("devices")] == [PRINTER]
    assert len(cordon.on_state("devices", "--json", "--limit", 1).json("devices")) == 1
    assert "1 of them shown" in cordon.on_state("devices", "--limit", 1).out


def test_findings_are_printed_by_their_schema(cordon: Cordon) -> None:
    (finding,) = cordon.on_state("findings", "--json").json("findings")
    assert (finding["id"], finding["severity"], finding["measured"]) == (FINDING.id, "high", {"peers": 12})
    assert cordon.on_state("findings", "--json", "--at-least", "critical").json("findings") == []
    assert cordon.on_state("findings", "--json", "--device", "printer").json("findings") == []
    assert "opened Telnet to 12 hosts" in cordon.on_state("findings").out


def test_a_device_is_shown_with_reasons_that_add_up(cordon: Cordon) -> None:
    shown = cordon.on_state("show", "lobby-camera", "--json").json("show")
    assert sum(reason["points"] for reason in shown["trust"]["reasons"]) == shown["trust"]["score"] == 10.0
    assert [finding["id"] for finding in shown["findings"]] == [FINDING.id]
    said = cordon.on_state("show", "10.0.0.9").out
    assert "Trust 10.0 of 100" in said
    assert "-60.0" in said


def test_why_answers_for_devices_and_findings(cordon: Cordon) -> None:
    of_device = cordon.on_state("why", CAMERA, "--json").json("why")
    assert (of_device["about"], of_device["trust"]["score"]) == ("device", 10.0)
    of_finding = cordon.on_state("why", FINDING.id, "--json").json("why")
    assert of_finding["about"] == "finding"
    assert [row["dst_port"] for row in of_finding["rows"]] == [23]
    assert "10.0.0.10" in cordon.on_state("why", FINDING.id).out


def test_incidents_and_sources_are_printed_by_their_schemas(cordon: Cordon) -> None:
    (incident,) = cordon.on_state("incidents", "--json").json("incidents")
    assert (incident["id"], incident["closed"]) == (INCIDENT.id, None)
    assert INCIDENT.title in cordon.on_state("incidents", "--open").out
    (source,) = cordon.on_state("sources", "--json").json("sources")
    assert (source["label"], source["damaged"]) == ("office.pcap", {"ipv4: cut": 2})
    assert "lan: 1 device seen both ways, 1 one way only" in cordon.on_state("sources").out


def test_a_draft_policy_is_printed_by_its_schema_and_changes_nothing(cordon: Cordon) -> None:
    ended = cordon.on_state("policy", "draft", "printer", "--json")
    drafted = ended.json("policy-draft")
    assert (drafted["device"], drafted["simulated"]) == (PRINTER, True)
    assert drafted["allowed"] + drafted["blocked"] == drafted["flows"] == 1
    assert ended.err.strip() == WATCHING
    assert cordon.on_state("policy", "draft", "printer", "--nft").out == drafted["nft"]
    assert "a draft" in cordon.on_state("policy", "draft", "printer").out


def test_a_usage_description_is_written_and_held_against_the_traffic(cordon: Cordon, tmp_path: Path) -> None:
    ended = cordon.on_state("policy", "mud", "printer", "--url", "https://maker.example/printer")
    assert json.loads(ended.out)["ietf-mud:mud"]["mud-url"] == "https://maker.example/printer"
    assert ended.err.strip().endswith(WATCHING)
    file = tmp_path / "printer.json"
    file.write_text(ended.out)
    held = cordon.on_state("policy", "mud", "printer", "--against", file, "--json").json("policy-mud")
    assert (held["device"], held["flows"]) == (PRINTER, 1)
    assert held["fitting"] + sum(one["flows"] for one in held["beyond"]) == held["flows"]
    assert "are what the description allows" in cordon.on_state("policy", "mud", "printer", "--against", file).out


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "cannot be read: No such file"), ("{}", "ietf-mud:mud is missing"), ("\0", "it is not JSON")],
)
def test_a_file_that_is_no_usage_description_is_told(
    cordon: Cordon, tmp_path: Path, text: str | None, says: str
) -> None:
    file = tmp_path / "maker.json"
    if text is not None:
        file.write_text(text)
    ended = cordon.on_state("policy", "mud", "printer", "--against", file)
    assert ended.status == 2
    assert says in " ".join(ended.err.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "nobody"), "No device answers to 'nobody'"),
        (("why", "finding-x"), "No device answers to 'finding-x'"),
        (("policy", "draft", "nobody"), "No device answers to 'nobody'"),
        (("devices", "--sort", "colour"), "--sort is colour; it must be one of name, vendor"),
        (("findings", "--at-least", "bad"), "--at-least is bad; it must be info"),
        (("devices", "--limit", "0"), "--limit"),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(cordon: Cordon, arguments: tuple[str, ...], says: str) -> None:
    ended = cordon.on_state(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert says in ended.err


@pytest.mark.parametrize("command", ["devices", "findings", "incidents", "sources"])
def test_an_empty_state_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    ended = Cordon(tmp_path / "nothing", capsys).on_state(command, "--json")
    assert (ended.status, ended.out) == (2, "")
    assert "cordon read" in ended.err
    assert not (tmp_path / "nothing").exists()


def test_names_from_the_wire_cannot_steer_the_terminal(cordon: Cordon) -> None:
    evil = "cam\x1b[31m\x9b2J\u202egpj\r\n"
    with Store.open(cordon.state, write=True) as store:
        store.save(Facts(window(), devices=(replace(DEVICES[0], names=(evil,)),)))
    for arguments in (["devices"], ["show", CAMERA], ["findings"], ["why", FINDING.id], ["devices", "--json"]):
        said = cordon.on_state(*arguments).out
        assert not set(said) & set("\x1b\x9b\u202e\r")
    assert json.loads(cordon.on_state("devices", "--json", "--find", "gpj").out)[0]["name"] == evil


def test_reading_commands_work_beside_the_writer(cordon: Cordon) -> None:
    with Store.open(cordon.state, write=True):
        assert cordon.on_state("devices").status == 0


@pytest.mark.parametrize("command", ["", "read", "devices", "show", "findings", "why", "policy draft", "lab", "watch"])
def test_help_shows_an_example(cordon: Cordon, command: str) -> None:
    ended = cordon(*command.split(), "--help")
    assert ended.status == 0
    assert f"cordon {command}".strip() in ended.out.replace("\n", " ")


def test_the_program_starts_as_a_module() -> None:
    ended = subprocess.run([sys.executable, "-m", "cordon", "--help"], capture_output=True, text=True, check=True)
    assert "read" in ended.stdout


def test_help_does_not_load_what_only_commands_need() -> None:
    code = (
        "import sys, cordon.cli.app; print(*sorted({'polars', 'sqlalchemy', 'fastapi', 'pydantic'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == ""


def test_words_for_numbers() -> None:
    assert [many(1, "device"), many(1200, "device")] == ["1 device", "1,200 devices"]
    assert [size(999), size(1500), size(2_000_000)] == ["999 B", "1.5 kB", "2.0 MB"]
    assert [score(1000), score(-5), score(123)] == ["100.0", "-0.5", "12.3"]
    assert iso(0) is None
    assert clean("a\u200bb\x07") == "a�b�"
