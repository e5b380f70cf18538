"""Which repairs come first: risk that they take away for each minute of work, like ones of alike devices together."""

import random
from dataclasses import replace

import pytest

from cordon.exposure import Repair, Subject, ranked
from cordon.exposure.advice import advice_of
from cordon.model.exposure import Exposure, Reach, Standing
from cordon.model.finding import Severity

ONE = Exposure(
    "exposure-1", "site", "cam-1", "telnet-in-use", "", "services", Severity.HIGH, "trial", 50, 10, Reach.NETWORK, 1, 2,
    2, Standing.OPEN, "is managed over Telnet",
)  # fmt: skip
CAMERA = Subject("yard", "camera", "Axis", "P1448")
SUBJECTS = {
    "cam-1": CAMERA,
    "cam-2": replace(CAMERA, name="gate"),
    "other": replace(CAMERA, name="door", model="M3045"),
    "plc": Subject("line", "plc", "Siemens", "S7"),
    "lamp": Subject("lamp", "light", "Hue", "A19"),
    "what": Subject("what"),
    "who": Subject("who"),
}


def of(device: str, **more: object) -> Exposure:
    return replace(ONE, id=f"exposure-{device}-{sorted(map(str, more.items()))}", device=device, **more)  # type: ignore[arg-type]


def order(*exposures: Exposure) -> list[str]:
    return [one.devices[0] for one in ranked(exposures, SUBJECTS)]


def test_like_exposures_of_alike_devices_are_one_repair() -> None:
    (one,) = ranked([of("cam-1"), of("cam-2")], SUBJECTS)
    assert set(one.devices) == {"cam-1", "cam-2"}
    assert (one.minutes, one.risk) == (15, 2 * 9 * 2 * 3)
    assert (one.kind, one.vendor, one.model) == ("camera", "Axis", "P1448")


def test_devices_of_one_kind_are_one_repair_whoever_made_them() -> None:
    subjects = SUBJECTS | {"else": Subject("hall", "camera", "Dahua", "X1")}
    (one,) = ranked([of("cam-1"), of("other"), of("else")], subjects)
    assert (one.kind, one.vendor, one.model) == ("camera", "", "")
    assert one.makes == (("Axis", "M3045"), ("Axis", "P1448"), ("Dahua", "X1"))
    assert [said.vendor for said in advice_of("clear-management", one.kind, one.makes)] == ["Axis", "Dahua"]


def test_another_kind_or_another_weakness_is_another_repair() -> None:
    assert len(ranked([of("cam-1"), of("lamp"), of("cam-1", check="smb1")], SUBJECTS)) == 3


def test_devices_of_which_nothing_is_known_are_not_alike() -> None:
    found = ranked([of("what"), of("who")], SUBJECTS)
    assert len(found) == 2 and {one.model for one in found} == {""}


def test_several_of_one_check_at_a_device_are_one_risk() -> None:
    (one,) = ranked([of("cam-1", about="23"), of("cam-1", about="2323")], SUBJECTS)
    assert (one.risk, one.minutes, len(one.exposures)) == (9 * 2 * 3, 10, 2)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (of("cam-1", severity=Severity.HIGH), of("lamp", severity=Severity.MEDIUM)),
        (of("cam-1", reach=Reach.INTERNET), of("lamp", reach=Reach.NETWORK)),
        (of("plc"), of("lamp")),
        (of("cam-1", effort=5), of("lamp", effort=60)),
    ],
)
def test_what_is_worse_wider_dearer_or_quicker_comes_first(first: Exposure, second: Exposure) -> None:
    assert order(first, second) == order(second, first) == [first.device, second.device]


def test_the_owners_word_of_how_much_depends_on_it_counts() -> None:
    subjects = SUBJECTS | {"lamp": replace(SUBJECTS["lamp"], criticality=5)}
    first, _ = ranked([of("lamp"), of("cam-1")], subjects)
    assert first.devices == ("lamp",)


@pytest.mark.parametrize(
    "left_out",
    [of("cam-1", standing=Standing.ACCEPTED), of("cam-1", standing=Standing.REPAIRED), of("gone"),
     of("cam-1", severity=Severity.INFO)],
)  # fmt: skip
def test_what_is_accepted_gone_or_harmless_is_no_repair(left_out: Exposure) -> None:
    assert ranked([left_out], SUBJECTS) == ()


def test_the_order_in_which_exposures_come_does_not_show() -> None:
    every = [of(device, check=check) for device in SUBJECTS for check in ("smb1", "telnet-in-use", "clear-video")]
    expected: tuple[Repair, ...] = ranked(every, SUBJECTS)
    for seed in range(5):
        random.Random(seed).shuffle(every)
        assert ranked(every, SUBJECTS) == expected
