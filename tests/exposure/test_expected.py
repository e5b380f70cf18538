"""The written baseline: shipped for the common kinds, changed by the settings; drift is told, exceptions run out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cordon import exposure
from cordon.config import Config, ConfigError, load
from cordon.exposure.data.services import PORTS, SAYS
from cordon.exposure.expected import book_of, shipped, written
from cordon.pipeline import Pipeline, expected_of

from .cases import site, talk
from .making import DAY, KEY, MINUTE, START, Made, run

TODAY = datetime.fromtimestamp(START / 1e6, UTC).date()


def settings(folder: Path, text: str) -> Config:
    (folder / "cordon.toml").write_text(text, encoding="utf-8")
    return load(folder)


def found(made: Made, config: Config) -> set[str]:
    """The checks that stand at the light, as the settings have it."""
    _, told = run(made, knowledge=exposure.Knowledge(KEY, {}, expected_of(config)))
    return {one.check for one in told if one.device == "light"}


def ssh(*times: int) -> Made:
    made = site()
    for at in times or (MINUTE,):
        made.talk(at, "desk", "light", 22, "ssh")
    return made


def test_every_word_of_the_shipped_ones_is_known() -> None:
    known = set(SAYS) | set(PORTS.values()) | shipped()["any"].services | shipped()["any"].protocols | {"profinet"}
    for kind, one in shipped().items():
        assert (one.services | one.protocols) <= known, kind


def test_what_is_written_of_a_kind_takes_the_place_of_what_is_shipped(tmp_path: Path) -> None:
    assert "unneeded-service" in found(ssh(), Config())
    assert "unneeded-service" not in found(ssh(), settings(tmp_path, '[expected.light]\nservices = ["ssh"]'))
    made = site()
    talk("desk", "light", 8081, "somewhat")(made)
    assert "unneeded-service" not in found(made, Config())
    assert "unneeded-service" in found(made, settings(tmp_path, "[expected.light]\nstrict = true"))


def test_what_is_printed_can_be_read_again(tmp_path: Path) -> None:
    config = settings(tmp_path, written(shipped()))
    assert expected_of(config).kinds == dict(shipped())


def test_an_exception_holds_for_one_device_and_one_thing_until_its_day_is_over(tmp_path: Path) -> None:
    text = '[[excepted]]\ndevice = "{}"\nwhat = "{}"\nuntil = {}\nowner = "Ada"\nreason = "a trial"'
    mac = site().mac("light")
    until = TODAY.isoformat()
    assert "unneeded-service" not in found(ssh(), settings(tmp_path, text.format(mac.upper(), "ssh", until)))
    for device, what in (("02:00:00:00:00:ff", "ssh"), (mac, "telnet")):
        assert "unneeded-service" in found(ssh(), settings(tmp_path, text.format(device, what, until)))
    late = ssh(MINUTE, DAY + MINUTE)
    config = settings(tmp_path, text.format(mac, "22", until))
    _, told = run(late, knowledge=exposure.Knowledge(KEY, {}, expected_of(config)))
    assert [one.began for one in told if one.check == "unneeded-service"] == [START + DAY + MINUTE]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[expected.toaster]\nservices = ["ssh"]', "no kind toaster"),
        ("[expected.camera]\ncolour = 1", "colour"),
        ('[[excepted]]\ndevice = "x"\nwhat = "ssh"\nuntil = "someday"\nowner = "a"\nreason = "b"', "until"),
        ('[[excepted]]\ndevice = "x"', "missing"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Pipeline("site", settings(tmp_path, text), KEY)


def test_nothing_is_expected_of_what_is_not_known() -> None:
    book = book_of({})
    assert book.of("") is None and book.of("any") is None and book.of("workstation") is None
