"""The reference in the repository says what the code declares."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "reference.py"))
PAGES: dict[str, str] = SCRIPT["pages"]()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_committed_page_is_what_the_declarations_say(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name], f"{name} is out of date; run make docs"


def test_no_page_of_the_reference_is_left_from_earlier() -> None:
    assert {path.name for path in REFERENCE.glob("*.md")} == set(PAGES)


def test_reference_does_not_depend_on_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert SCRIPT["pages"]() == PAGES


def test_writing_puts_every_page_into_the_folder(tmp_path: Path) -> None:
    SCRIPT["write"](tmp_path / "new")
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "new").iterdir()} == PAGES
