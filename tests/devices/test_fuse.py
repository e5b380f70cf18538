"""Properties of how evidence becomes a confidence."""

from hypothesis import given
from hypothesis import strategies as st

from cordon.devices.fuse import LEAST, SHOWN, add, fuse
from cordon.model.device import Attribute, Evidence

FIELDS = ("dhcp.vendor", "mdns.service", "mdns.name", "dhcp.hostname", "tls.sni", "dns.query", "oui", "ssdp.server")
PIECES = st.builds(
    Evidence,
    field=st.sampled_from(FIELDS),
    value=st.sampled_from(("a", "b", "c")),
    says=st.sampled_from(("camera", "printer", "hub")),
    weight=st.integers(1, 1000),
    source=st.sampled_from(("x", "y")),
    time=st.just(0),
)


def piece(field: str, says: str, weight: int) -> Evidence:
    return Evidence(field, "v", says, weight, "test", 0)


@given(st.lists(PIECES, max_size=30))
def test_confidence_is_bounded_and_evidence_is_short(pieces: list[Evidence]):
    said = fuse(pieces)
    assert 0 <= said.confidence <= 1000
    assert (said.confidence >= LEAST) == bool(said.value)
    assert len(said.evidence) <= SHOWN
    assert said.runner_up != said.value or not said.value


@given(st.lists(PIECES, max_size=15), st.randoms(use_true_random=False))
def test_order_of_evidence_does_not_matter(pieces: list[Evidence], chance):
    shuffled = list(pieces)
    chance.shuffle(shuffled)
    assert fuse(pieces) == fuse(shuffled)
    held: tuple[Evidence, ...] = ()
    other: tuple[Evidence, ...] = ()
    for one in pieces:
        held = add(held, one)
    for one in shuffled:
        other = add(other, one)
    assert held == other


@given(st.lists(PIECES, min_size=1, max_size=15), st.sampled_from(FIELDS), st.integers(1, 1000))
def test_agreeing_evidence_never_lowers_confidence(pieces: list[Evidence], field: str, weight: int):
    before = fuse(pieces)
    if before.value:
        after = fuse([*pieces, piece(field, before.value, weight)])
        assert after.value == before.value
        assert after.confidence >= before.confidence


@given(st.lists(PIECES, max_size=15))
def test_what_is_remembered_says_the_same_as_everything(pieces: list[Evidence]):
    held: tuple[Evidence, ...] = ()
    for one in pieces:
        held = add(held, one)
    assert (fuse(held).value, fuse(held).confidence) == (fuse(pieces).value, fuse(pieces).confidence)


def test_nothing_known_says_nothing():
    assert fuse([]) == Attribute()


def test_weak_evidence_is_only_a_runner_up():
    said = fuse([piece("oui", "Espressif", 120)])
    assert (said.value, said.confidence, said.runner_up) == ("", 0, "Espressif")


def test_two_protocols_say_more_than_one_and_one_protocol_twice_says_no_more():
    alone = fuse([piece("mdns.service", "printer", 600)])
    twice = fuse([piece("mdns.service", "printer", 600), piece("mdns.txt", "printer", 600)])
    both = fuse([piece("mdns.service", "printer", 600), piece("dhcp.vendor", "printer", 600)])
    assert alone.confidence == twice.confidence < both.confidence


def test_a_competing_value_lowers_confidence():
    alone = fuse([piece("oui", "camera", 800)])
    contested = fuse([piece("oui", "camera", 800), piece("tcp.serves", "nvr", 600)])
    assert contested.value == "camera"
    assert contested.runner_up == "nvr"
    assert contested.confidence < alone.confidence
