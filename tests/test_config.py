"""Settings say what is wrong with them: where, which, and what range."""

from pathlib import Path

import pytest

from cordon.config import Config, ConfigError, load
from cordon.model.tables import SECOND


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.site, settings.segment) == ("site", "lan")
    assert (settings.window(live=True), settings.window(live=False)) == (10 * SECOND, 3600 * SECOND)


def test_options_come_before_the_environment_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cordon.toml").write_text('site = "file"\nport = 1000\nretention_days = 7')
    monkeypatch.setenv("CORDON_SITE", "environment")
    monkeypatch.setenv("CORDON_PORT", "2000")
    settings = load(tmp_path, site="option", port=None)
    assert (settings.site, settings.port, settings.retention_days) == ("option", 2000, 7)


def test_settings_of_single_detectors_are_kept_by_their_ids(tmp_path: Path) -> None:
    (tmp_path / "cordon.toml").write_text("[detectors.telnet-spread]\ntargets = 12")
    assert load(tmp_path).detectors == {"telnet-spread": {"targets": 12}}


def test_networks_of_the_site_must_be_networks(tmp_path: Path) -> None:
    (tmp_path / "cordon.toml").write_text('networks = ["203.0.113.9/24"]')
    assert load(tmp_path).networks == ("203.0.113.0/24",)
    (tmp_path / "cordon.toml").write_text('networks = ["203.0.113.0/40"]')
    with pytest.raises(ConfigError, match="must be a network such as"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = 99999", "cordon.toml: port is 99999; it must be a whole number from 0 to 65535."),
        ("window_seconds = 7", "window_seconds is 7; it must be a whole number from 0 to 86400 that divides 10"),
        ('retention_days = "long"', "retention_days is 'long'; it must be a whole number from 1 to 3650"),
        ("colour = 1", "cordon.toml: colour is no setting; there are site, segment"),
        ("site = ''", "site is ''; it must be a text of 1 to 64"),
        ('[detectors.a]\nb = "x"', "detectors.a.b is 'x'; settings of detectors are whole numbers"),
        ("port =", "cordon.toml is not valid TOML"),
    ],
)
def test_a_wrong_setting_is_told_with_file_key_and_range(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "cordon.toml").write_text(text)
    with pytest.raises(ConfigError) as told:
        load(tmp_path)
    assert says in str(told.value)


def test_a_wrong_variable_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORDON_PORT", "many")
    with pytest.raises(ConfigError, match="CORDON_PORT is 'many'"):
        load()


def test_a_wrong_option_is_told_by_its_name() -> None:
    with pytest.raises(ConfigError, match="--window is 61"):
        load(window_seconds=61)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load(file=tmp_path / "nothing.toml")


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Config.model_fields.values())
