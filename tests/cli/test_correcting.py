"""People say what a device is, on a state at rest and to a Cordon that runs."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from record_site import CAMERA, PRINTER, made
from running import Cordon

MAC = "02:00:00:00:00:0a"


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(made(tmp_path / "state"), capsys)


def test_a_correction_is_kept_shown_and_withdrawn(cordon: Cordon) -> None:
    ended = cordon.on_state("correct", MAC, "--kind", "doorbell", "--location", "Front door", "--why", "I mounted it")
    assert (ended.status, "doorbell" in ended.out) == (0, True)
    shown = cordon.on_state("show", MAC)
    assert "doorbell" in shown.out
    assert "kind: doorbell (owner, I mounted it)" in shown.out
    listed = cordon.on_state("devices", "--location", "Front door", "--json").json("devices")
    assert [(one["id"], one["told"]) for one in listed] == [(CAMERA, ["kind", "location"])]
    told = cordon.on_state("correct", MAC, "--withdraw", "kind", "--json").json("correct")
    assert (told["device"]["kind"], told["edits"][0]["withdrawn"]) == ("camera", True)
    edits = cordon.on_state("show", MAC, "--json").json("show")["edits"]
    assert [(one["field"], one["withdrawn"]) for one in edits] == [("kind", False), ("location", False), ("kind", True)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("correct", MAC), "Say what it is"),
        (("correct", MAC, "--kind", "toaster"), "docs/reference/kinds.md"),
        (("correct", MAC, "--criticality", "9"), "it runs from 1"),
        (("correct", MAC, "--withdraw", "colour"), "There is no colour"),
        (("correct", "nobody", "--kind", "camera"), "No device answers"),
        (("join", MAC, MAC), "is that device itself"),
        (("join", MAC, "nobody"), "No device answers"),
        (("split", MAC, "02:00:00:00:00:99"), "is no address of"),
        (("split", MAC, MAC), "one endpoint only"),
    ],
)
def test_what_cannot_be_said_is_one_sentence(cordon: Cordon, arguments: tuple[str, ...], says: str) -> None:
    ended = cordon.on_state(*arguments)
    assert ended.status == 2
    assert says in ended.err
    assert cordon.on_state("show", MAC, "--json").json("show")["edits"] == []


def test_joining_is_kept_as_a_word_that_can_be_taken_back(cordon: Cordon) -> None:
    assert cordon.on_state("join", MAC, PRINTER, "--why", "one box").status == 0
    assert cordon.on_state("join", CAMERA, PRINTER, "--undo").status == 0
    edits = cordon.on_state("show", CAMERA, "--json").json("show")["edits"]
    assert [(one["field"], one["value"], one["withdrawn"]) for one in edits] == [
        ("same-as", PRINTER, False),
        ("same-as", PRINTER, True),
    ]


def test_where_nothing_is_recorded_there_is_nothing_to_correct(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = Cordon(tmp_path / "new", capsys).on_state("correct", MAC, "--kind", "camera")
    assert (ended.status, "read a capture first" in ended.err) == (2, True)
    assert not (tmp_path / "new").exists()


@pytest.fixture
def server(cordon: Cordon) -> Iterator[subprocess.Popen[str]]:
    """Cordon, running on the state."""
    command = [sys.executable, "-m", "cordon", "open", "--state", str(cordon.state), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        while not (cordon.state / "server.json").exists() and running.poll() is None:
            pass
        yield running
        running.send_signal(signal.SIGINT)
        running.wait(timeout=30)


@pytest.mark.usefixtures("server")
def test_a_running_cordon_takes_words_and_lists_over(cordon: Cordon, tmp_path: Path) -> None:
    ended = cordon.on_state("correct", MAC, "--owner", "Ada", "--json")
    assert ended.json("correct")["device"]["owner"] == "Ada"
    table = tmp_path / "list.csv"
    table.write_text(f"mac,location\n{MAC},Lobby\n02:00:00:00:55:01,Cellar\n")
    (told,) = cordon.on_state("inventory", "import", table, "--json").json("inventory-import")
    assert (told["known"], told["new"], told["changes"][0]["value"]) == (1, 1, "Lobby")
    table.write_text("mac,location\nzz,Lobby\n")
    ended = cordon.on_state("inventory", "import", table)
    assert (ended.status, "list.csv, line 2" in ended.err) == (2, True)
    assert len(cordon.on_state("devices", "--known", "import", "--json").json("devices")) == 1
