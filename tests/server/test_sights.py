"""What Cordon says it can see must not sound better than what its sources tell."""

from cordon.server.console.sights import sight
from cordon.store import NEXT, Coverage


def seen(sees: tuple[str, ...], following: str) -> Coverage:
    return Coverage(
        segment="lan", sources=("office",), packets=900, bytes=9000, both_ways=9, one_way=0, group_only=0,
        damaged={}, sees=sees, next=following,
    )  # fmt: skip


def test_a_full_view_of_packets_wants_nothing_more() -> None:
    told = sight(seen(("packets",), ""))
    assert "close to a full view" in told.says
    assert told.next == ""


def test_flow_records_are_no_full_view_and_say_what_they_lack() -> None:
    told = sight(seen(("flow records",), "names"))
    assert "full view" not in told.says
    assert "no names" in told.says
    assert told.next == NEXT["names"] + "."


def test_an_ordinary_port_is_told_to_use_a_mirror() -> None:
    assert "mirror (SPAN) port" in sight(seen(("packets",), "mirror")).next
