"""A draft holds what a device needs, and says what it left out."""

import polars as pl
from talk_rows import BEGIN, CAMERA, DEVICES, DHCP, DNS, GATEWAY, HUB, frame, talk

from cordon.model.decision import Allowance, Profile
from cordon.model.tables import HOUR, MINUTE
from cordon.policy import draft


def drafted(*talks: list[dict[str, object]], **given: object) -> Profile:
    return draft(CAMERA, frame(*talks), DEVICES, **given)  # type: ignore[arg-type]  # passed on


def targets(allowances: tuple[Allowance, ...]) -> list[tuple[str, str, int, str]]:
    return [(one.direction, one.proto, one.port, one.peer or one.name or one.network) for one in allowances]


def test_essentials_come_first_even_when_seen_once() -> None:
    profile = drafted(talk(1, **DHCP), talk(9, **DNS), talk(3, name="api.example.org"), talk(1, proto=17, port=123))
    assert [(one.essential, one.port) for one in profile.allowances] == [
        (True, 53),
        (True, 67),
        (True, 123),
        (False, 443),
    ]
    assert profile.left_out == ()


def test_why_says_how_often_and_when() -> None:
    profile = drafted(talk(144, every=15, name="api.example.org"))
    assert profile.allowances[0].why == "seen 144 times on 2 days, last 2026-01-02 11:45 UTC"


def test_two_names_stay_and_three_become_a_pattern() -> None:
    two = drafted(*(talk(2, name=f"{n}.iot.example.co.uk") for n in "ab"))
    assert targets(two.allowances) == [("out", "tcp", 443, f"{n}.iot.example.co.uk") for n in "ab"]
    three = drafted(*(talk(1, name=f"{n}.iot.example.co.uk") for n in "abc"))
    assert targets(three.allowances) == [("out", "tcp", 443, "*.iot.example.co.uk")]


def test_no_pattern_over_ground_that_strangers_share() -> None:
    profile = drafted(*(talk(2, name=f"{n}.cloudfront.net") for n in "abcd"))
    assert {one.name for one in profile.allowances} == {f"{n}.cloudfront.net" for n in "abcd"}


def test_changing_addresses_of_one_name_are_one_allowance() -> None:
    profile = drafted(*(talk(1, minute=n, name="cdn.example.org", peer=f"203.0.113.{n}") for n in range(9)))
    assert targets(profile.allowances) == [("out", "tcp", 443, "cdn.example.org")]


def test_time_pool_is_one_allowance() -> None:
    profile = drafted(*(talk(1, proto=17, port=123, name=f"{n}.pool.ntp.org") for n in range(2)))
    assert [(one.name, one.essential) for one in profile.allowances] == [("*.pool.ntp.org", True)]


def test_groups_peers_icmp_and_inbound_are_told_apart() -> None:
    profile = drafted(
        talk(2, peer="239.255.255.250", scope="multicast", proto=17, port=1900, service="ssdp"),
        talk(2, peer="10.0.0.3", peer_device=HUB.id, scope="local", initiated=False, port=554, service="rtsp"),
        talk(2, peer="10.0.0.1", peer_device=GATEWAY.id, scope="local", proto=1, port=8),
    )
    assert sorted(targets(profile.allowances)) == [
        ("in", "tcp", 554, HUB.id),
        ("out", "icmp", 0, GATEWAY.id),
        ("out", "udp", 1900, "239.255.255.250/32"),
    ]


def test_ephemeral_ports_become_any_port() -> None:
    profile = drafted(*(talk(1, peer=HUB.ips[0], peer_device=HUB.id, proto=17, port=40_000 + n) for n in range(3)))
    assert targets(profile.allowances) == [("out", "udp", 0, HUB.id)]


def test_what_is_left_out_says_why() -> None:
    profile = drafted(
        talk(1, name="once.example.org"),
        talk(9, peer="10.0.0.3", peer_device=HUB.id, scope="local", port=23, state="refused"),
        talk(5, minute=600, every=1, peer="198.51.100.66", port=6667),
        talk(5, peer="198.51.100.67", port=80),
        exclude=[(BEGIN + 10 * HOUR, BEGIN + 11 * HOUR)],
        attackers={"198.51.100.67"},
    )
    assert profile.allowances == ()
    assert {one.port: one.why.split(";")[0] for one in profile.left_out} == {
        443: "left out: seen only once",
        23: "left out: never answered",
        6667: "left out: only seen while it was under suspicion",
        80: "left out: its peer attacked others",
    }


def test_name_known_later_in_a_flow_counts_for_the_whole_flow() -> None:
    rows = talk(2, every=30)
    later = [{**row, "step": row["step"] + MINUTE, "name": "api.example.org", "service": "tls"} for row in rows]
    profile = drafted(rows, later)
    assert [(one.name, one.service, one.why[:12]) for one in profile.allowances] == [
        ("api.example.org", "tls", "seen 2 times")
    ]


def test_order_of_rows_does_not_show_and_no_rows_are_an_empty_profile() -> None:
    talks = frame(*(talk(3, name=f"{n}.example.org") for n in "abc"), talk(4, **DNS), talk(2, **DHCP))
    assert draft(CAMERA, talks, DEVICES) == draft(CAMERA, talks.reverse().lazy(), DEVICES)
    empty = draft(CAMERA, pl.DataFrame(schema=talks.schema), DEVICES)
    assert (empty.allowances, empty.learned_from) == ((), 0)


def test_one_long_connection_is_a_habit() -> None:
    rows = talk(1, name="cloud.example.org")
    later = [{**row, "step": row["step"] + 2 * HOUR, "time": row["time"] + 2 * HOUR} for row in rows]
    assert targets(drafted(rows, later).allowances) == [("out", "tcp", 443, "cloud.example.org")]


def test_scan_is_one_line_of_what_is_left_out() -> None:
    sweep = [talk(1, peer=f"10.0.0.{n}", scope="local", port=23, state="opening") for n in range(20, 90)]
    ports = [talk(1, peer="10.0.0.3", peer_device=HUB.id, port=n, state="refused") for n in range(1, 90)]
    profile = drafted(*sweep, *ports, talk(2, peer="10.0.0.3", peer_device=HUB.id, port=8080))
    assert targets(profile.allowances) == [("out", "tcp", 8080, HUB.id)]
    assert targets(profile.left_out) == [("out", "tcp", 0, HUB.id), ("out", "tcp", 23, "")]


def test_names_seen_under_suspicion_widen_nothing() -> None:
    profile = drafted(
        talk(2, name="a.example.org"),
        *(talk(2, minute=600, name=f"{n}.example.org") for n in "xyz"),
        exclude=[(BEGIN + 10 * HOUR, BEGIN + 11 * HOUR)],
    )
    assert [one.name for one in profile.allowances] == ["a.example.org"]
    assert [one.name for one in profile.left_out] == ["*.example.org"]
