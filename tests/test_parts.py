"""Parts declare themselves; what they are given must lie in the range they declared."""

import pytest

from cordon.parts import Part, Setting, gather


class Sweep(Part):
    id = "sweep"
    targets = Setting(10, at_least=2, at_most=100, says="different hosts within the span")


def test_a_part_starts_with_its_defaults() -> None:
    assert Sweep()["targets"] == 10


def test_a_setting_outside_its_range_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"sweep\.targets is 1; it must be 2 to 100"):
        Sweep(targets=1)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="sweep has no setting hosts"):
        Sweep(hosts=3)


def test_two_parts_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="two parts of detectors are called sweep"):
        gather((Sweep, Sweep), "detectors")
