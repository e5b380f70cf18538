"""The attack is in the frames, in the way its expectations say."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cordon.lab.stories import STORIES
from cordon.lab.stories.benign import BENIGN

if TYPE_CHECKING:
    from tests.lab.conftest import Write, Written


def _step(written: "Written", name: str) -> dict[str, Any]:
    return next(step for step in written.expect["step"] if step["id"] == name)


def _within(written: "Written", name: str) -> list[bytes]:
    """Frames the acting device sent during a step."""
    step = _step(written, name)
    return [
        frame
        for time, frame in written.frames()
        if step["begins"] <= time <= step["ends"] and frame[6:12].hex(":") == step["device"]
    ]


def _is_tcp(frame: bytes) -> bool:
    return frame[12:14] == b"\x08\x00" and frame[23] == 6


def test_the_factory_password_crosses_in_clear(taken: "Written") -> None:
    assert any(b"vizxv" in frame for _, frame in taken.frames())
    assert any(b"BusyBox" in frame[54:] for frame in _within(taken, "break-in"))


def test_the_scan_asks_for_the_whole_network(taken: "Written") -> None:
    asked = {frame[38:42] for frame in _within(taken, "address-scan") if frame[12:14] == b"\x08\x06"}
    tried = {frame[30:34] for frame in _within(taken, "address-scan") if _is_tcp(frame) and frame[47] == 2}
    assert len(asked) > 180
    assert len(tried) > 40


def test_the_port_scan_tries_many_ports_of_one_device(taken: "Written") -> None:
    syns = [frame for frame in _within(taken, "port-scan") if _is_tcp(frame) and frame[47] == 2]
    ports = Counter(frame[30:34] for frame in syns)
    assert ports.most_common(1)[0][1] > 100


def test_beacons_come_about_each_minute(taken: "Written") -> None:
    step = _step(taken, "beacon")
    times = [
        time
        for time, frame in taken.frames()
        if frame[6:12].hex(":") == step["device"]
        and _is_tcp(frame)
        and frame[47] == 2
        and frame[36:38] == (4821).to_bytes(2, "big")
    ]
    gaps = [after - before for before, after in pairwise(times)]
    assert len(gaps) > 50
    assert all(47_000_000 < gap < 74_000_000 for gap in gaps)


def test_the_gateway_is_claimed_by_the_camera(taken: "Written") -> None:
    lies = [f for f in _within(taken, "arp-spoofing") if f[12:14] == b"\x08\x06" and f[20:22] == b"\0\x02"]
    claimed = {frame[28:32] for frame in lies if frame[22:28] == frame[6:12]}
    assert bytes((192, 168, 40, 1)) in claimed


def test_the_upload_and_the_flood_are_large(taken: "Written") -> None:
    assert sum(map(len, _within(taken, "exfiltration"))) > 10_000_000
    assert len(_within(taken, "flood")) > 19_000


def test_before_the_story_no_telnet_is_spoken(taken: "Written") -> None:
    begin = taken.expect["story_begins"]
    early = (frame for time, frame in taken.frames() if time < begin and _is_tcp(frame))
    assert not any(b"\x00\x17" in (frame[34:36], frame[36:38]) for frame in early)


@pytest.mark.parametrize("name", sorted(set(STORIES) - {"camera-taken", "quiet"}))
def test_a_small_story_does_its_one_thing_or_nothing(tmp_path: Path, write: "Write", name: str) -> None:
    story = STORIES[name]
    least = story.lead + story.length
    expect = write(tmp_path, story=name, days=(least + 60_000_000) / 86_400_000_000).expect
    steps = expect.get("step", [])
    assert [step["what"] for step in steps] == ([] if name in {benign.name for benign in BENIGN} else [name])
    assert all(expect["story_begins"] <= step["begins"] < step["ends"] <= expect["ends"] for step in steps)
    assert len(expect["must_not"]) + len(steps) == expect["devices"]
