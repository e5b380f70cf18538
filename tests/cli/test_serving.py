"""A Cordon that serves is asked how it is, and what cannot be served is told in a sentence."""

from importlib.metadata import version
from pathlib import Path

import pytest
from running import Cordon

from cordon import __version__


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def test_the_version_is_told(cordon: Cordon) -> None:
    assert cordon("--version").out == f"cordon {__version__}\n"
    assert __version__ == version("cordon")


def test_serving_without_anything_to_watch_says_how_to_name_it(cordon: Cordon) -> None:
    told = cordon.on_state("serve", "--port", "0")
    assert (told.status, told.err.count("\n")) == (2, 1)
    assert f"name an interface with --interface IF, or below [[watch]] in {cordon.state / 'cordon.toml'}" in told.err
    assert not cordon.state.exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--interface", "a/b"], "--interface is 'a/b'; it must be the name of an interface"),
        (["--netflow", "2055"], "--netflow is '2055'; it must be host and port"),
    ],
)
def test_what_cannot_be_watched_is_told_and_nothing_is_made(cordon: Cordon, options: list[str], says: str) -> None:
    told = cordon.on_state("serve", *options)
    assert (told.status, says in told.err) == (2, True), told.err
    assert not cordon.state.exists()


def test_a_state_that_nobody_serves_is_told_with_its_own_status(cordon: Cordon) -> None:
    told = cordon.on_state("status")
    assert (told.status, "is not running on" in told.out) == (1, True)
