"""Repairs, exposures and people's word of living with them, on the command line."""

from dataclasses import replace
from pathlib import Path

import pytest
from record_site import CAMERA, NOON, PRINTER, made, window
from running import Cordon

from cordon.model.exposure import Exposure, Reach, Standing
from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.tables import STEP
from cordon.store import Store

OPEN = Exposure(
    "exposure-00000000000a", "site", CAMERA, "telnet-in-use", "", "services", Severity.HIGH, "trial", 50, 10,
    Reach.NETWORK, NOON, NOON + STEP, NOON + STEP, Standing.OPEN, "is managed over Telnet (port 23)", peers=(PRINTER,),
)  # fmt: skip
GONE = replace(
    OPEN, id="exposure-00000000000b", device=PRINTER, check="clear-password", standing=Standing.REPAIRED,
    gone="serves it enciphered instead",
)  # fmt: skip


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    folder = made(tmp_path / "state")
    with Store.open(folder, write=True) as store:
        store.save(Facts(window(), exposures=(GONE, OPEN)))
    return Cordon(folder, capsys)


def test_repairs_say_what_why_how_and_how_it_will_be_known(cordon: Cordon) -> None:
    said = cordon.on_state("repairs").out
    assert "1. Switch Telnet off: Lobby-Camera" in said
    for word in (
        "What: Lobby-Camera is managed over Telnet (port 23)",
        "Why: Anybody on the way",
        "How: Switch Telnet off",
        "Then: It is seen answering SSH",
        OPEN.id,
    ):
        assert word in said
    (one,) = cordon.on_state("repairs", "--json").json("repairs")
    assert (one["check"], one["device_names"], one["exposures"]) == ("telnet-in-use", ["Lobby-Camera"], [OPEN.id])


def test_a_site_without_weakness_says_that_none_was_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cordon = Cordon(made(tmp_path / "other"), capsys)
    assert "no weak setting was seen" in cordon.on_state("repairs").out
    assert cordon.on_state("exposures", "--json").json("exposures") == []


def test_exposures_are_listed_for_a_device_or_all_and_what_is_gone_on_demand(cordon: Cordon) -> None:
    assert "1 exposure standing." in cordon.on_state("exposures").out
    assert "is managed over Telnet" in cordon.on_state("exposures", "lobby-camera").out
    assert [one["id"] for one in cordon.on_state("exposures", "printer", "--json").json("exposures")] == []
    (gone,) = cordon.on_state("exposures", "printer", "--gone", "--json").json("exposures")
    assert (gone["standing"], gone["gone"]) == ("repaired", "serves it enciphered instead")


def test_an_exposure_can_be_asked_why(cordon: Cordon) -> None:
    ended = cordon.on_state("why", OPEN.id)
    assert "Why it matters: Anybody on the way" in ended.out
    assert "The rows that show it are not kept" in ended.err
    told = cordon.on_state("why", OPEN.id, "--json").json("why")
    assert (told["about"], told["says"]) == ("exposure", "Lobby-Camera is managed over Telnet (port 23)")


def test_an_acceptance_has_an_owner_a_reason_and_an_end_and_can_be_taken_back(cordon: Cordon) -> None:
    told = cordon.on_state("accept", OPEN.id, "--owner", "Ada", "--reason", "replaced in spring", "--until", "90d")
    assert (told.status, "accepted by Ada until" in told.out) == (0, True)
    assert "Nothing to repair" in cordon.on_state("repairs").out
    back = cordon.on_state("accept", OPEN.id.removeprefix("exposure-"), "--undo", "--json").json("accept")
    assert (back["standing"], back["accepted"]) == ("open", None)
    assert len(cordon.on_state("repairs", "--json").json("repairs")) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((OPEN.id, "--reason", "x", "--until", "90d"), "who answers for it"),
        ((OPEN.id, "--owner", "Ada", "--until", "90d"), "why it is accepted"),
        ((OPEN.id, "--owner", "Ada", "--reason", "x"), "is no day"),
        ((OPEN.id, "--owner", "Ada", "--reason", "x", "--until", "2001-01-01"), "is over"),
        ((OPEN.id, "--owner", "Ada", "--reason", "x", "--until", "9999d"), "too far ahead"),
        ((GONE.id, "--owner", "Ada", "--reason", "x", "--until", "90d"), "does not stand any more"),
        ((OPEN.id, "--undo"), "Nobody accepted"),
        (("exposure-x", "--owner", "Ada", "--reason", "x", "--until", "90d"), "There is no exposure"),
    ],
)
def test_what_cannot_be_accepted_is_one_sentence(cordon: Cordon, arguments: tuple[str, ...], says: str) -> None:
    ended = cordon.on_state("accept", *arguments)
    assert ended.status == 2
    assert says in ended.err
