"""Feeds as people keep them: added, listed, updated and removed, with a sentence for whatever goes wrong."""

from pathlib import Path

import pytest
from running import Cordon
from web_by_hand import serving


@pytest.fixture
def cordon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cordon:
    return Cordon(tmp_path / "state", capsys)


def test_a_feed_is_added_listed_updated_and_removed(cordon: Cordon, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("203.0.113.1\noops\nbad.example\n10.0.0.0/8\n")
    ended = cordon.on_state("feeds", "add", "own", bad)
    assert (ended.status, ended.out) == (0, "own: 1 address, 1 name\n")
    assert f"{bad}:2: 'oops' is no address" in ended.err and "Left out: 1 entry" in ended.err
    (entry,) = cordon.on_state("feeds", "list", "--json").json("feeds-list")
    told = {"name": "own", "source": str(bad), "form": "lines", "indicators": 2, "broken": 1, "set_aside": 1,
            "age_days": 0, "old_after_days": 14, "is_old": False, "is_damaged": False}  # fmt: skip
    assert entry.items() >= told.items()
    assert "own" in cordon.on_state("feeds", "list").out
    bad.write_text("203.0.113.1\n203.0.113.2\n203.0.113.3\n")
    assert cordon.on_state("feeds", "update").out == "own: 3 addresses\n"
    assert cordon.on_state("feeds", "remove", "own").status == 0
    assert cordon.on_state("feeds", "list", "--json").json("feeds-list") == []


def test_a_feed_that_cannot_be_had_stays_as_it_was_and_the_others_are_updated(cordon: Cordon, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("203.0.113.1\n")
    with serving() as web:
        web.pages["/list"] = b"203.0.113.7\n"
        assert cordon.on_state("feeds", "add", "web", f"{web.url}/list?key=secret").status == 0
        assert cordon.on_state("feeds", "add", "own", bad, "--old-after", 3).status == 0
        web.pages.clear()
        bad.write_text("203.0.113.1\n203.0.113.2\n")
        ended = cordon.on_state("feeds", "update")
        assert web.asked == ["/list?key=secret"] * 2
    assert ended.status == 1 and ended.out == "own: 2 addresses\n"
    assert "/list answered 404" in ended.err and "1 feed could not be updated and is as before." in ended.err
    entries = {entry["name"]: entry for entry in cordon.on_state("feeds", "list", "--json").json("feeds-list")}
    assert entries["web"]["indicators"] == 1 and "secret" not in entries["web"]["source"]
    assert entries["own"]["old_after_days"] == 3


def test_what_people_get_wrong_is_one_sentence(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("nothing here\n")
    (tmp_path / "good.txt").write_text("203.0.113.1\n")
    assert cordon.on_state("feeds", "add", "good", tmp_path / "good.txt").status == 0
    for arguments, says in (
        (("add", "a/b", "x"), "'a/b' is no name for a feed"),
        (("add", "own", tmp_path / "gone.txt"), "gone.txt does not exist."),
        (("add", "own", tmp_path), "cannot be read (Is a directory)."),
        (("add", "own", "http://[bad/"), "The address cannot be fetched (Invalid IPv6 URL)."),
        (("add", "own", tmp_path / "none.txt"), "holds nothing that could be looked for"),
        (("add", "good", tmp_path / "good.txt"), "There is a feed good already: cordon feeds update good"),
        (("update", "other"), "There is no feed other; there are: good."),
        (("remove", "other"), "There is no feed other; there are: good."),
    ):
        ended = cordon.on_state("feeds", *arguments)
        assert ended.status == 2 and says in ended.err and "Traceback" not in ended.err, arguments
        assert len(ended.err.strip().splitlines()) == 1


def test_a_damaged_feed_is_listed_as_that(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("203.0.113.1\n")
    cordon.on_state("feeds", "add", "good", tmp_path / "good.txt")
    (cordon.state / "feeds" / "good.parquet").write_bytes(b"PAR1 no more")
    (entry,) = cordon.on_state("feeds", "list", "--json").json("feeds-list")
    assert entry["is_damaged"]
    ended = cordon.on_state("feeds", "update")
    assert ended.status == 1 and "good is damaged; remove it, and add it anew." in ended.err
    assert cordon.on_state("feeds", "remove", "good").status == 0


def test_a_folder_with_other_things_is_not_written_into(cordon: Cordon, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("203.0.113.1\n")
    ended = cordon("feeds", "add", "good", tmp_path / "good.txt", "--state", tmp_path)
    assert ended.status == 2 and "is no state of Cordon" in ended.err
