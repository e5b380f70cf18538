"""A simulation says what a profile would have blocked."""

from talk_rows import BEGIN, CAMERA, DEVICES, DHCP, DNS, HUB, frame, talk

from cordon.model.decision import Allowance, Profile
from cordon.model.tables import HOUR
from cordon.policy import draft, simulate


def profile(*allowances: Allowance) -> Profile:
    return Profile(CAMERA.id, "site", BEGIN, allowances)


def test_a_draft_allows_what_it_was_drawn_from() -> None:
    talks = frame(
        talk(9, **DNS),
        talk(2, **DHCP),
        *(talk(3, name=f"{n}.example.org") for n in "abc"),
        *(talk(1, peer="10.0.0.3", peer_device=HUB.id, proto=17, port=40_000 + n) for n in range(3)),
        *(talk(1, peer=f"203.0.113.{n}", proto=17, port=3478) for n in range(20)),
        talk(4, proto=1, peer="10.0.0.1", scope="local"),
    )
    seen = simulate(draft(CAMERA, talks, DEVICES), talks, DEVICES)
    assert (seen.flows, seen.allowed, seen.blocked) == (47, 47, 0)


def test_an_attack_is_blocked_and_told_in_one_line() -> None:
    scan = [talk(1, minute=600, peer=f"10.0.0.{n}", scope="local", port=23, service="telnet") for n in range(20, 70)]
    talks = frame(talk(9, **DNS), *scan, talk(2, peer="10.0.0.3", peer_device=HUB.id, scope="local", port=22))
    usual = draft(CAMERA, talks.filter(talks["port"] == 53), DEVICES)
    seen = simulate(usual, talks, DEVICES, suspicious=[(BEGIN + 10 * HOUR, BEGIN + 11 * HOUR)])
    assert (seen.flows, seen.allowed, seen.blocked, seen.suspicious) == (61, 9, 52, 50)
    assert [(row.what, row.flows, row.targets, row.suspicious) for row in seen.rows] == [
        ("opens tcp/23 (telnet) to 50 different addresses", 50, 50, 50),
        ("opens tcp/22 to hub", 2, 1, 0),
    ]


def test_each_kind_of_allowance_fits_its_own_and_nothing_else() -> None:
    talks = frame(
        talk(1, name="a.example.org"),
        talk(1, name="example.org"),
        talk(1, name="badexample.org"),
        talk(1, peer="10.1.2.3", port=80),
        talk(1, peer="10.2.2.3", port=80),
        talk(1, peer="fe80::1", port=80),
        talk(1, peer="10.0.0.3", peer_device=HUB.id, port=80),
        talk(1, peer="10.0.0.3", peer_device=HUB.id, port=80, initiated=False),
    )

    def allowed(*allowances: Allowance) -> int:
        return simulate(profile(*allowances), talks, DEVICES).allowed

    assert allowed() == 0
    assert allowed(Allowance("out", "tcp", 443, "", name="*.example.org")) == 1
    assert allowed(Allowance("out", "tcp", 443, "", name="example.org")) == 1
    assert allowed(Allowance("out", "tcp", 0, "", network="10.1.0.0/16")) == 1
    assert allowed(Allowance("out", "", 0, "", network="fe80::/10")) == 1
    assert allowed(Allowance("out", "tcp", 80, "", network="10.2.2.3/32")) == 1
    assert allowed(Allowance("in", "tcp", 80, "", peer=HUB.id)) == 1
    assert allowed(Allowance("out", "udp", 80, "", peer=HUB.id)) == 0
    assert allowed(Allowance("out", "tcp", 443, "")) == 3
    assert allowed(Allowance("out", "", 0, ""), Allowance("out", "tcp", 80, "", peer=HUB.id)) == 7


def test_nothing_seen_is_nothing_blocked() -> None:
    seen = simulate(profile(), frame(), DEVICES)
    assert (seen.flows, seen.rows) == (0, ())
