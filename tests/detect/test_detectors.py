"""All detectors as parts: they declare and explain themselves, and their level has its evidence."""

import inspect
import re
from pathlib import Path

import pytest

from cordon.detect.detector import Detector
from cordon.detect.detectors import DETECTORS, SHIPPED
from cordon.model.families import FAMILIES
from cordon.parts import Level

from .traffic import read

ROOT = Path(__file__).parents[2]
SCENARIOS = [read(path.parent) for path in sorted((ROOT / "scenarios").glob("*/scenario.toml"))]
HEADINGS = ("Why it matters:", "False alarms:", "What to do:")
each = pytest.mark.parametrize("detector", SHIPPED, ids=lambda one: one.id)


@each
def test_id_is_the_name_of_its_file(detector: type[Detector]) -> None:
    assert detector.id == Path(inspect.getfile(detector)).stem.replace("_", "-")
    assert detector in DETECTORS


@each
def test_docstring_is_a_page_of_the_manual(detector: type[Detector]) -> None:
    text = inspect.getdoc(detector) or ""
    places = [text.find(heading) for heading in HEADINGS]
    assert -1 not in places and places == sorted(places)
    assert text.splitlines()[0].endswith(".")


@each
def test_declares_what_trust_and_people_go_by(detector: type[Detector]) -> None:
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", detector.technique)
    assert 0 < detector.weight <= 1000
    assert detector.span > 0 and detector.family in FAMILIES
    assert not detector.compromise or detector.weight >= 200


@each
def test_settings_have_ranges_that_hold(detector: type[Detector]) -> None:
    for name, setting in detector.settings().items():
        assert setting.at_least <= setting.default <= setting.at_most
        assert setting.says
        with pytest.raises(ValueError, match=name):
            detector(**{name: setting.at_most + 1})


@each
def test_has_a_positive_and_a_negative_scenario(detector: type[Detector]) -> None:
    assert [one for one in SCENARIOS if detector.id in one.must]
    assert [one for one in SCENARIOS if detector.id in one.must_not]


@pytest.mark.parametrize("detector", [one for one in SHIPPED if one.level is Level.PROVEN], ids=lambda one: one.id)
def test_proven_means_two_kinds_of_devices(detector: type[Detector]) -> None:
    found = {
        scenario.site.described[device]["kind"]
        for scenario in SCENARIOS
        for device in scenario.must.get(detector.id, [])
    }
    assert len(found) >= 2
    assert (ROOT / "evaluation" / "detector_cost.py").exists()


def test_scenarios_name_only_detectors_that_exist() -> None:
    ids = {one.id for one in DETECTORS}
    for scenario in SCENARIOS:
        assert set(scenario.must) | set(scenario.must_not) <= ids
