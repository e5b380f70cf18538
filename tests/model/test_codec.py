"""Facts survive their trip through JSON, and what does not fit is refused with its place."""

import json

import pytest

from cordon.model.codec import decode, encode, schema
from cordon.model.decision import Allowance, Profile
from cordon.model.device import Attribute, Device, Evidence
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.trust import Band, Reason, Trust

DEVICE = Device(
    id="device-1",
    site="clinic",
    time=5,
    first_seen=1,
    macs=("02:00:00:00:00:01",),
    ips=("192.0.2.7",),
    names=("lobby",),
    kind=Attribute("camera", 900, (Evidence("dhcp.vendor", "cam", "camera", 800, "dhcp-cam", 3),), "nvr"),
)
FINDING = Finding(
    id="finding-1", site="clinic", device="device-1", detector="telnet-spread", family="spread", technique="T1021",
    severity=Severity.HIGH, level="proven", began=1, noticed=2, says="opened Telnet to 12 hosts",
    measured=(("peers", 12), ("port", "23")), rows=Rows("flows", 1, 2, (("dst_port", "23"),)),
)  # fmt: skip
TRUST = Trust("device-1", "clinic", 9, 150, 10, Band.CORDONED, (Reason("start", 700, "start"),), False)
PROFILE = Profile("device-1", "clinic", 9, (Allowance("out", "tcp", 443, "tls", name="*.example.org"),))


@pytest.mark.parametrize("fact", [DEVICE, FINDING, TRUST, PROFILE], ids=lambda fact: type(fact).__name__)
def test_a_fact_comes_back_as_it_was(fact: object) -> None:
    assert decode(type(fact), json.loads(json.dumps(encode(fact)))) == fact


def test_enums_are_written_as_words() -> None:
    assert encode(FINDING)["severity"] == "high"
    assert encode(TRUST)["band"] == "cordoned"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"band": "amber"}, "Trust.band"),
        ({"score": "high"}, "Trust.score"),
        ({"score": True}, "Trust.score"),
        ({"extra": 1}, "unknown extra"),
        ({"reasons": [{"says": 1}]}, "Trust.reasons[0].says"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("[", r"\[").replace("]", r"\]")):
        decode(Trust, {**encode(TRUST), **change})


def test_a_missing_field_is_refused() -> None:
    plain = encode(TRUST)
    del plain["score"]
    with pytest.raises(ValueError, match="score"):
        decode(Trust, plain)


def test_the_schema_names_every_field() -> None:
    described = schema(Finding)
    assert set(described["properties"]) == set(encode(FINDING))
    assert described["properties"]["severity"] == {"enum": ["info", "low", "medium", "high", "critical"]}
