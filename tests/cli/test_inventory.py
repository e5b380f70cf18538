"""Lists of devices come in and go out at the command line."""

import json
import sys
from pathlib import Path

import pytest
from record_site import CAMERA, made
from running import Cordon

sys.path.append(str(Path(__file__).parents[1] / "inventory"))
from written_lists import ALL  # beside the tests of the inventory

MAC = "02:00:00:00:00:0a"


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(made(tmp_path / "state"), capsys)


def state_of(cordon: Cordon) -> object:
    return cordon.on_state("devices", "--json").json("devices")


@pytest.mark.parametrize("name", ALL)
def test_each_format_comes_in_for_the_device_it_speaks_of(cordon: Cordon, tmp_path: Path, name: str) -> None:
    (tmp_path / "list").write_text(ALL[name])
    ended = cordon.on_state("inventory", "import", tmp_path / "list", "--json")
    (told,) = ended.json("inventory-import")
    assert (told["format"], told["known"]) == (name, 2 if name == "csv" else 1)
    again = cordon.on_state("inventory", "import", tmp_path / "list", "--json").json("inventory-import")[0]
    assert (again["changes"], again["heard"], again["new"]) == ([], 0, 0), "what is known already is not said again"


def test_a_dry_run_says_what_would_change_and_changes_nothing(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(f"mac,name,owner\n{MAC},Front camera,Ada\n02:00:00:00:55:01,kettle,\n")
    before = state_of(cordon)
    ended = cordon.on_state("inventory", "import", tmp_path / "list", "--dry-run")
    assert "nothing is changed yet" in ended.out
    assert "Front camera" in ended.out
    assert state_of(cordon) == before


def test_one_bad_file_of_several_changes_nothing(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "good").write_text(f"mac,owner\n{MAC},Ada\n")
    (tmp_path / "bad").write_text(f"mac,owner\n{MAC},Ada,too much\n")
    before = state_of(cordon)
    ended = cordon.on_state("inventory", "import", tmp_path / "good", tmp_path / "bad")
    assert (ended.status, "bad, line 2" in ended.err, "Nothing was changed" in ended.err) == (2, True, True)
    assert state_of(cordon) == before


def test_an_unknown_device_is_shown_as_known_from_the_import(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "dnsmasq.leases").write_text(ALL["dnsmasq"])
    cordon.on_state("inventory", "import", tmp_path / "dnsmasq.leases")
    shown = cordon.on_state("show", "02:00:00:00:00:50")
    assert "Known from an import, never seen." in shown.out
    assert "dnsmasq.leases (dnsmasq)" not in cordon.on_state("show", MAC).err


@pytest.mark.parametrize("format", ["csv", "json", "netbox"])
def test_an_inventory_goes_into_a_new_state_without_loss(
    cordon: Cordon, tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cordon.on_state("correct", MAC, "--name", "Front; camera", "--owner", "=Ada", "--tags", "a,b", "--notes", "x\ny")
    out = tmp_path / "out"
    assert cordon.on_state("inventory", "export", "--format", format, "-o", out).status == 0
    other = Cordon(tmp_path / "other", capsys)
    assert other.on_state("inventory", "import", out).status == 0
    kept = [json.loads(one.on_state("inventory", "export", "--format", "json").out) for one in (cordon, other)]
    for entries in kept:
        for entry in entries:
            del entry["known"], entry["id"]  # the other state saw none of them, and names devices as it will meet them
            entry["names"] = sorted(entry["names"])
    by_mac = [sorted(entries, key=lambda entry: entry["macs"]) for entries in kept]
    assert by_mac[0] == by_mac[1]


def test_what_is_printed_fits_its_schema(cordon: Cordon) -> None:
    entries = cordon.on_state("inventory", "export", "--format", "json").json("inventory-export")
    assert CAMERA in [entry["id"] for entry in entries]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("export", "--format", "odt"), "csv, json"), (("import", "a", "--format", "odt"), "auto, csv")],
)
def test_a_format_there_is_not_is_told(cordon: Cordon, arguments: tuple[str, ...], says: str) -> None:
    ended = cordon.on_state("inventory", *arguments)
    assert (ended.status, says in ended.err) == (2, True)
