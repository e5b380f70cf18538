"""What the pages say: stories, peers, drafts, and whether the site is live."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from entering import context_over, entered
from example_site import BEGIN, NOW, device_id, fill, incident
from fastapi.testclient import TestClient

from cordon.model.incident import Event
from cordon.model.tables import SECOND
from cordon.server.console.peers import peers
from cordon.server.console.render import STATIC, is_live
from cordon.server.console.story import tell
from cordon.server.console.words import going_on
from cordon.store import Source, Store


@pytest.fixture
def store(filled_state: Path) -> Store:
    return Store.open(filled_state)


def test_a_story_has_chapters_by_what_was_done(store: Store) -> None:
    chapters = tell(store, incident(), {})
    assert [chapter.title for chapter in chapters] == ["Broken into", "Spread", "Took data"]
    assert [line.is_again for line in chapters[0].lines] == [False, True]


def test_what_a_decision_would_change_stands_with_it(store: Store) -> None:
    told = incident()
    change = Event(told.events[-1].time, "change", "change-000000000001", device_id(0), "Would run 3 nftables commands")
    chapters = tell(store, replace(told, events=(*told.events, change)), {})
    lines = [line for chapter in chapters for line in chapter.lines]
    assert not any("nftables" in line.says for line in lines)
    decided = [line for line in lines if line.decision]
    assert all(line.changes and line.changes[0].undo.startswith("delete") for line in decided)


def test_a_line_goes_on_after_the_name_in_small_letters(filled: TestClient) -> None:
    assert going_on("Would be cut off") == "would be cut off"
    assert going_on("DNS was asked") == "DNS was asked"
    text = re.sub(r"<[^>]+>", "", filled.get("/incidents/incident-000000000001").text)
    assert "lobby-camera opened Telnet to 5 devices" in text
    assert "lobby-camera Would" not in text


def test_each_other_end_is_one_row_and_unusual_ones_come_first(store: Store) -> None:
    found = peers(store, device_id(0), frozenset({"place:198.51.100.66"}))
    assert len({(peer.device, peer.name or peer.address) for peer in found}) == len(found)
    assert (found[0].address, found[0].is_unusual, found[0].services) == ("198.51.100.66", True, ("port 4444",))
    rest = [peer.sent + peer.received for peer in found[1:]]
    assert rest == sorted(rest, reverse=True)


def test_a_device_page_keeps_its_lists_short(filled: TestClient) -> None:
    text = filled.get(f"/devices/{device_id(0)}").text
    shown = text.partition('aria-labelledby="talks"')[2].partition("</section>")[0].partition("All of them")[0]
    assert 0 < shown.count("<tr><td>") <= 10


def test_a_draft_is_made_when_it_is_asked_for_and_then_counted(filled: TestClient) -> None:
    before = filled.get("/policy").text
    assert "Draft it" in before
    filled.get(f"/devices/{device_id(0)}/policy")
    after = filled.get("/policy").text
    assert re.search(r"allows \d+, leaves out \d+", after)
    assert "–</td>" not in before + after


def watched(folder: Path) -> Source:
    """An interface that was watched until the end of the example site, read last."""
    return Source("source-000000000009", "interface", "eth0", "lan", BEGIN, NOW, 1, 1, 1, NOW + 1)


def test_the_strip_says_live_only_while_an_interface_is_watched(tmp_path: Path) -> None:
    fill(tmp_path / "state")
    context = context_over(tmp_path / "state")
    assert context.store is not None
    assert not is_live(context, context.store, NOW + SECOND)
    context.forget()
    with Store.open(tmp_path / "state", write=True) as store:
        store.save_source(watched(tmp_path))
    assert is_live(context, context.store, NOW + SECOND)
    assert not is_live(context, context.store, NOW + 3600 * SECOND)
    assert "RECORDED" in entered(context).get("/").text  # by the clock on the wall it ended long ago
    context.forget()


TEXT = ("ink", "ink-soft", "ink-faint", "teal", "amber", "red")
ON = {
    "paper": TEXT, "sheet": TEXT, "sunk": ("ink", "ink-soft"), "teal-soft": ("ink", "teal"), "amber-soft": ("amber",),
    "red-soft": ("red",), "teal": ("on-teal",), "ink": ("paper",),
}  # fmt: skip


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_enough_from_what_it_stands_on(theme: str) -> None:
    text = (STATIC / "console.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    colours = {name: dark if theme == "dark" else light for name, light, dark in found}
    low = {
        f"{ink} on {ground}": round(ratio, 2)
        for ground, inks in ON.items()
        for ink in inks
        if (ratio := contrast(colours[ink], colours[ground])) < 4.5
    }
    assert low == {}
