"""Decisions follow bands, and say why."""

from pathlib import Path

from cordon import policy
from cordon.model import snapshot
from cordon.model.decision import Mode
from cordon.model.device import Attribute, Device
from cordon.model.facts import Facts
from cordon.model.tables import STEP
from cordon.model.trust import Band, Reason, Trust
from cordon.model.window import Window

PUMP = Device("pump", "site", 1, 1, (), (), (), kind=Attribute("infusion-pump", 900))
GATEWAY = Device("gateway", "site", 1, 1, (), (), (), is_gateway=True)


def trust(time: int, band: Band, device: str = "camera") -> Trust:
    reasons = (Reason("start", 700, "start"), Reason("scanned", -200, "finding-1"), Reason("spread", -300, "finding-2"))
    return Trust(device, "site", time, 200, 0, band, reasons, getting_to_know=False)


def test_decision_comes_with_each_change_of_band_only() -> None:
    bands = [Band.NORMAL, Band.USUAL_ONLY, Band.USUAL_ONLY, Band.CORDONED, Band.NORMAL]
    trusts = tuple(trust(n + 1, band) for n, band in enumerate(bands))
    whole, facts = policy.step(policy.State(), Facts(Window("site", 0, STEP), trusts=trusts))
    assert [(one.time, one.says) for one in facts.decisions] == [
        (2, "Would be held to what it usually does"),
        (4, "Would be cut off from everything"),
        (5, "Would be free again to do what its zone allows"),
    ]
    assert {(one.mode, one.simulated) for one in facts.decisions} == {(Mode.WATCH, True)}
    state, told = policy.State(), []
    for one in trusts:
        state, part = policy.step(state, Facts(Window("site", 0, STEP), trusts=(one,)))
        told.extend(part.decisions)
    assert (state, tuple(told)) == (whole, facts.decisions)


def test_decision_names_what_lowered_trust_heaviest_first() -> None:
    _, facts = policy.step(policy.State(), Facts(Window("site", 0, STEP), trusts=(trust(2, Band.CORDONED),)))
    assert facts.decisions[0].because == ("finding-2", "finding-1")


def test_people_are_asked_before_something_vital_is_cut_off(tmp_path: Path) -> None:
    state, _ = policy.step(policy.State(), Facts(Window("site", 0, STEP), devices=(PUMP, GATEWAY)))
    snapshot.save(state, tmp_path / "policy")
    state = snapshot.load(policy.State, tmp_path / "policy")
    trusts = tuple(trust(2, Band.CORDONED, device) for device in ("pump", "gateway"))
    _, facts = policy.step(state, Facts(Window("site", 0, STEP), trusts=trusts))
    assert sorted(one.says.partition(", once a person agrees: ")[2] for one in facts.decisions) == [
        "cutting off a device of its kind (infusion pump) may harm somebody",
        "the whole network depends on it",
    ]
