"""Usage descriptions (RFC 8520): read, written without change of meaning, and held against traffic."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk_rows import CAMERA, DEVICES, DHCP, DNS, GATEWAY, HUB, frame, talk

from cordon.policy import draft, flows_of
from cordon.policy.mud import Comparison, Mud, MudError, Statement, compare, describe, read, untold, write
from cordon.policy.mud.statement import ABSTRACTIONS, ANY_PORT, FAMILIES, WITHOUT_VALUE
from cordon.policy.mud.statement import DNS as RESOLVER

ROOT = Path(__file__).parents[2]
SHIPPED = Path(os.environ.get("CORDON_SHARED", ROOT / ".." / "shared")) / "data" / "knowledge" / "mud"
CLOUD = Statement("to-the-cloud", outgoing=True, host="cloud.example", protocol=6, peer_ports=(443, 443))
MUD = Mud("https://maker.example/camera", "2026-01-01T00:00:00Z", (CLOUD,), systeminfo="A camera")


def by_list(mud: Mud) -> dict[tuple[bool, str], list[Statement]]:
    """The statements of each access list, in their order: lists of different packets have none among themselves."""
    found: dict[tuple[bool, str], list[Statement]] = {}
    for one in mud.statements:
        found.setdefault((one.outgoing, one.family), []).append(one)
    return found


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Any statement that the words of RFC 8520 can say."""
    family = draw(st.sampled_from(FAMILIES))
    protocol = draw(st.sampled_from([-1, 1, 2, 6, 17]))
    port = st.integers(0, 65_535)
    ports = st.just(ANY_PORT) | st.tuples(port, port).map(lambda two: (min(two), max(two)))
    abstraction = draw(st.sampled_from(["", *ABSTRACTIONS]))
    network = {"ipv4": "10.1.0.0/16", "ipv6": "2001:db8::/32", "ethernet": "10.1.0.0/16"}[family]
    carries = protocol in (6, 17)
    return Statement(
        name=draw(st.text(min_size=1, max_size=9)),
        outgoing=draw(st.booleans()),
        family=family,
        abstraction=abstraction,
        value="" if abstraction in ("", *WITHOUT_VALUE) else "urn:example",
        host=draw(st.sampled_from(["", "a.example"])),
        peer_network=draw(st.sampled_from(["", network])),
        own_network=draw(st.sampled_from(["", network])),
        protocol=protocol,
        own_ports=draw(ports) if carries else ANY_PORT,
        peer_ports=draw(ports) if carries else ANY_PORT,
        opened=draw(st.sampled_from(["", "from-device", "to-device"])) if protocol == 6 else "",
        icmp_type=draw(st.sampled_from([-1, 0, 8])) if protocol == 1 else -1,
        icmp_code=draw(st.sampled_from([-1, 0])) if protocol == 1 else -1,
        ethertype=draw(st.sampled_from(["", "0x888e"])),
        peer_mac=draw(st.sampled_from(["", "ff:ff:ff:ff:ff:ff"])),
        accepts=draw(st.booleans()),
    )


@given(st.lists(statements(), max_size=6))
def test_what_is_written_is_read_as_it_was(some: list[Statement]) -> None:
    mud = replace(MUD, statements=tuple(some), manufacturer="Maker", signature="https://maker.example/camera.p7s")
    again = read(write(mud))
    assert by_list(again) == by_list(mud)
    assert replace(again, statements=()) == replace(mud, statements=())


@pytest.mark.skipif(not SHIPPED.is_dir(), reason=f"no usage descriptions in {SHIPPED}")
def test_all_published_descriptions_keep_their_meaning() -> None:
    files = sorted(SHIPPED.glob("*.json"))
    assert len(files) == 28
    for file in files:
        mud = read(file.read_bytes())
        assert mud.statements, file.name
        assert by_list(read(write(mud))) == by_list(mud), file.name


def changed(*path: str | int, to: Any = None) -> Callable[[dict[str, Any]], None]:
    def change(whole: dict[str, Any]) -> None:
        at: Any = whole
        for step in path[:-1]:
            at = at[step]
        if to is None:
            del at[path[-1]]
        else:
            at[path[-1]] = to

    return change


LISTS = "ietf-access-control-list:access-lists"
ACE = (LISTS, "acl", 0, "aces", "ace", 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (changed("ietf-mud:mud"), "ietf-mud:mud is missing"),
        (changed("ietf-mud:mud", "mud-url"), "mud-url is missing"),
        (changed("ietf-mud:mud", "cache-validity", to=900), "cache-validity must be a whole number from 1 to 168"),
        (
            changed(LISTS, "acl", 0, "name", to="other"),
            "list 'from-ipv4-a-camera', which is not there",
        ),
        (changed(LISTS, "acl", 0, "type", to="mpls"), "'mpls' is no type of access list"),
        (changed(*ACE, "actions", "forwarding", to="maybe"), "entry 1: 'maybe' is no action"),
        (changed(*ACE, "matches", "ipv4", "dscp", to=3), "'dscp' is no match known here"),
        (changed(*ACE, "matches", "sctp", to={}), "'sctp' is no match known here"),
        (changed(*ACE, "matches", "udp", to={}), "contradict each other in the protocol"),
        (changed(*ACE, "matches", "tcp", "destination-port", "port", to=70_000), "from 0 to 65535"),
        (changed(*ACE, "matches", "tcp", "destination-port", "operator", to="neq"), "'neq' is not known"),
        (changed(*ACE, "matches", "ipv4", "source-ipv4-network", to="home"), "'home' is no network"),
        (changed(*ACE, "matches", "ietf-mud:mud", to={"controller": 4}), "controller must be a text"),
        (changed(*ACE, "matches", "ietf-mud:mud", to={"friend": "x"}), "'friend' means nothing"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(change: Callable[[dict[str, Any]], None], says: str) -> None:
    whole = json.loads(write(MUD))
    change(whole)
    with pytest.raises(MudError, match=says):
        read(json.dumps(whole))


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"ietf-mud:mud": 3}', " " * (1 << 21)])
def test_what_is_no_description_is_told(text: str) -> None:
    with pytest.raises(MudError):
        read(text)


CALLS = frame(
    talk(times=3, name="cloud.example"),
    talk(times=2, name="other.example"),
    talk(**DNS, times=4),
    talk(**DHCP),
    talk(peer="10.0.0.3", peer_device=HUB.id, scope="local", port=8883),
    talk(peer="10.0.0.3", peer_device=HUB.id, scope="local", port=80, initiated=False),
)


def held(*some: Statement) -> Comparison:
    return compare(replace(MUD, statements=some), flows_of(CALLS, CAMERA.id), CAMERA, DEVICES)


def test_traffic_beyond_the_description_is_told_most_often_first() -> None:
    asks = Statement("asks", outgoing=True, abstraction="controller", value=RESOLVER, protocol=17, peer_ports=(53, 53))
    compared = held(CLOUD, asks)
    assert (compared.flows, compared.fitting) == (12, 7)
    assert [(one.direction, one.whom, one.port, one.flows) for one in compared.beyond] == [
        ("out", "other.example", 443, 2),
        ("in", HUB.id, 80, 1),
        ("out", "255.255.255.255", 67, 1),
        ("out", HUB.id, 8883, 1),
    ]
    assert compared.unused == ()


@pytest.mark.parametrize(
    ("one", "fits"),
    [
        (Statement("any", outgoing=True), 11),
        (Statement("any", outgoing=False), 1),
        (Statement("local", outgoing=True, abstraction="local-networks"), 6),
        (Statement("gateway", outgoing=True, abstraction="controller", value="urn:ietf:params:mud:gateway"), 5),
        (Statement("net", outgoing=True, peer_network="203.0.113.0/24"), 5),
        (Statement("theirs", outgoing=True, protocol=6, opened="to-device"), 0),
        (Statement("served", outgoing=False, protocol=6, own_ports=(80, 80), opened="to-device"), 1),
        (Statement("unknown", outgoing=True, abstraction="my-controller"), 0),
        (Statement("frames", outgoing=True, family="ethernet", ethertype="0x888e"), 0),
    ],
)
def test_a_statement_covers_what_it_speaks_of(one: Statement, fits: int) -> None:
    compared = held(one)
    assert compared.fitting == fits
    assert compared.unused == (() if fits else (one,))


def test_the_first_statement_that_fits_counts() -> None:
    refuses = replace(CLOUD, name="not there", accepts=False)
    assert held(refuses, Statement("any", outgoing=True)).fitting == 8
    assert held(Statement("any", outgoing=True), refuses).fitting == 11


def test_a_device_keeps_to_the_description_of_its_own_draft() -> None:
    often = frame(talk(times=5, name="cloud.example"), talk(**DNS, times=5), talk(**DHCP, times=2))
    profile = draft(CAMERA, often, DEVICES)
    described = read(write(describe(profile, CAMERA, DEVICES, updated="2026-01-01T00:00:00Z", url="https://a.example")))
    compared = compare(described, flows_of(often, CAMERA.id), CAMERA, DEVICES)
    assert (compared.fitting, compared.beyond) == (12, ())
    assert {one.abstraction for one in described.statements} == {"", "controller"}
    assert GATEWAY.id not in write(described)


def test_what_a_description_has_no_words_for_is_named() -> None:
    wide = frame(*(talk(times=2, minute=n, name=f"n{n}.cdn.example") for n in range(9)))
    profile = draft(CAMERA, wide, DEVICES)
    assert [one.name for one in untold(profile)] == ["*.cdn.example"]
    assert describe(profile, CAMERA, DEVICES, updated="", url="").statements == ()
