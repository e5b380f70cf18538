"""The nftables back-end plans, and what it writes is valid."""

import os
import shutil
import subprocess

import pytest

from cordon import actions
from cordon.actions.backends.nftables import Nftables, render
from cordon.actions.backends.ruleset import BASE
from cordon.model.decision import Allowance, Decision, Mode, Profile
from cordon.model.device import Device
from cordon.model.facts import Facts
from cordon.model.tables import STEP
from cordon.model.trust import Band
from cordon.model.window import Window

CAMERA = Device(
    "device-1", "site", 5, 5, ("02:00:00:00:00:01",), ("10.0.0.9", "fe80::9", "10.0.0.8"), ('cam "2"\n} drop',)
)
HUB = Device("device-2", "site", 5, 5, ("02:00:00:00:00:02",), ("10.0.0.10",), ("hub",))
PROFILE = Profile(
    CAMERA.id,
    "site",
    5,
    (
        Allowance("out", "udp", 53, "dns", peer=HUB.id, essential=True, why="seen 9 times on 1 days"),
        Allowance("out", "tcp", 443, "tls", name="*.example.org", why='said "hello"'),
        Allowance("out", "tcp", 8883, "mqtt", name="*.example.org"),
        Allowance("out", "udp", 0, "", network="224.0.0.0/4"),
        Allowance("out", "icmp", 0, "", network="fe80::/10"),
        Allowance("out", "tcp", 22, "ssh", peer="device-gone"),
        Allowance("out", "47", 0, ""),
        Allowance("out", "udp", 1, "", network="damage; drop"),
        Allowance("in", "tcp", 554, "rtsp", peer=HUB.id),
        Allowance("in", "", 0, "", network="10.0.0.77/32"),
    ),
)


def decision(band: Band, time: int = STEP, device: str = CAMERA.id) -> Decision:
    return Decision(f"decision-{time}", "site", device, time, band, Mode.WATCH, "", ())


def nft(text: str) -> subprocess.CompletedProcess[str]:
    """What nft thinks of a ruleset, without loading it."""
    return subprocess.run(["nft", "-c", "-f", "-"], input=text, capture_output=True, text=True, check=False)


needs_nft = [
    pytest.mark.root,
    pytest.mark.skipif(shutil.which("nft") is None, reason="nftables is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="nft -c asks the kernel, which takes root"),
]


@pytest.mark.parametrize("device", [CAMERA, HUB])
def test_ruleset_reads_well_and_is_the_same_every_time(device: Device) -> None:
    text = render(PROFILE, device, {HUB.id: HUB})
    assert text == render(PROFILE, device, {HUB.id: HUB})
    assert 'ip daddr { 10.0.0.10 } udp dport 53 counter accept comment "dns: seen 9 times on 1 days"' in text
    assert text.count("filled from DNS answers for *.example.org") == 2
    assert "# device-gone: no address known" in text
    assert "# damage; drop: no address known" in text


def test_essentials_hold_only_what_is_essential() -> None:
    text = render(PROFILE, CAMERA, {HUB.id: HUB})
    chain = text.split("chain essentials-device-1 {")[1].split("}\n\n")[0]
    assert "dport 53" in chain
    assert "dport 443" not in chain
    assert chain.rstrip().endswith("counter drop")


def test_quarantine_stands_before_established_connections() -> None:
    assert 0 < BASE.index("jump quarantine") < BASE.index("ct state established,related accept")


def test_plan_of_a_cordon_names_its_undo() -> None:
    plan = Nftables().plan(decision(Band.CORDONED), CAMERA)
    assert plan.covered
    assert plan.change is not None
    assert plan.change.does.splitlines() == [
        "add element inet cordon cordoned { 02:00:00:00:00:01 }",
        "add element inet cordon cordoned_v4 { 10.0.0.8, 10.0.0.9 }",
        "add element inet cordon cordoned_v6 { fe80::9 }",
    ]
    assert plan.change.undo == plan.change.does.replace("add", "delete")
    assert plan.change.simulated


def test_plan_says_what_it_does_not_cover() -> None:
    behind = Device("device-3", "site", 5, 5, (), ("10.9.0.1",), ())
    plan = Nftables().plan(decision(Band.CORDONED), behind)
    assert (plan.covered, plan.because) == (False, "its hardware address is not known here: it stands behind a router")


def test_what_is_no_hardware_address_reaches_no_command() -> None:
    odd = Device("device-4", "site", 5, 5, ("02:00:00:00:00:01 }; flush ruleset",), ("10.0.0.1; x",), ())
    assert not Nftables().plan(decision(Band.CORDONED), odd).covered


def test_step_plans_each_decision_from_the_band_before() -> None:
    state, _ = actions.step(actions.State(), Facts(Window("site", 0, STEP), devices=(CAMERA,)))
    decisions = (decision(Band.USUAL_ONLY, STEP + 1), decision(Band.CORDONED, STEP + 2))
    whole, facts = actions.step(state, Facts(Window("site", STEP, 2 * STEP), decisions=decisions))
    first, second = facts.changes
    assert second.does.startswith("delete element inet cordon usual_only { 02:00:00:00:00:01 : jump usual-device-1 }")
    assert first.decision == "decision-10000001"
    told = []
    for one in decisions:
        state, facts = actions.step(state, Facts(Window("site", STEP, 2 * STEP), decisions=(one,)))
        told.extend(facts.changes)
    assert (state, told) == (whole, [first, second])


class TestKernel:
    """What nft itself says."""

    pytestmark = needs_nft

    def test_rulesets_are_valid(self) -> None:
        for text in (BASE, render(PROFILE, CAMERA, {HUB.id: HUB}), render(Profile("", "", 0, ()), HUB)):
            assert (nft(text).returncode, nft(text).stderr) == (0, "")

    @pytest.mark.parametrize("band", [Band.CORDONED, Band.ESSENTIALS_ONLY, Band.USUAL_ONLY])
    def test_changes_and_their_undo_are_valid(self, band: Band) -> None:
        change = Nftables().plan(decision(band), CAMERA).change
        assert change is not None
        text = "\n".join((render(PROFILE, CAMERA), change.does, change.undo, ""))
        assert (nft(text).returncode, nft(text).stderr) == (0, "")
