"""What Cordon says it can see must not sound better than what its sources tell."""

from typing import Any

import pytest

from cordon.server.console.sights import sight
from cordon.store import LOST, NEXT, Coverage


def seen(sees: tuple[str, ...], following: str, **more: Any) -> Coverage:
    given: dict[str, Any] = {
        "segment": "lan", "sources": ("office",), "packets": 900, "bytes": 9000, "both_ways": 9, "one_way": 0,
        "group_only": 0, "damaged": {}, "sees": sees, "next": following,
    }  # fmt: skip
    return Coverage(**given | more)


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


@pytest.mark.parametrize(
    ("loss", "says"), [("missed", "may have passed unseen"), ("cut", "names and logins are missing")]
)
def test_a_view_that_loses_much_is_no_full_view(loss: str, says: str) -> None:
    told = sight(seen(("packets",), loss, lost={loss: 100}))
    assert "full view" not in told.says
    assert says in told.says
    assert told.next == NEXT[loss] + "."


def test_what_was_lost_is_told_by_its_sort_and_devices_by_what_is_seen_of_them() -> None:
    told = sight(
        seen(("packets",), "mirror", both_ways=2, one_way=1, group_only=0, lost={"missed": 1200, "damaged": 3})
    )
    assert told.losses == (("1\u202f200", LOST["missed"]), ("3", LOST["damaged"]))
    assert told.ways == (("2", "both ways"), ("1", "one direction only"))
