"""The rules of the house that a machine can hold: who may import whom, and who may touch the outside."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "cordon"

GROUND = {"model", "parts"}
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "parts": set(),
    "config": GROUND,
    "sources": GROUND | {"config", "_native"},
    "devices": GROUND | {"_native"},  # its forest: arithmetic, nothing outside
    "detect": GROUND,
    "exposure": GROUND,
    "trust": GROUND,
    "policy": GROUND,
    "incidents": GROUND,
    "actions": GROUND,
    "store": GROUND,
    "messages": GROUND | {"config", "store"},
    "lab": {"model"},
    "pipeline": GROUND | {"config", "devices", "detect", "exposure", "trust", "policy", "actions", "incidents"},
    "feed": GROUND | {"store"},
    "shapes": GROUND | {"store", "policy", "exposure", "repairs", "leaving", "verdicts"},
    "repairs": GROUND | {"store", "exposure", "promises"},
    "leaving": GROUND | {"store", "exposure", "detect"},
    "promises": GROUND,
    "verdicts": GROUND | {"store", "promises"},
    "drafting": GROUND | {"store", "policy"},
    "inventory": GROUND | {"store"},
    "server": GROUND
    | {
        "messages",
        "feed",
        "shapes",
        "drafting",
        "inventory",
        "config",
        "store",
        "sources",
        "pipeline",
        "policy",
        "actions",
        "detect",
        "exposure",
        "repairs",
        "leaving",
        "promises",
        "verdicts",
        "lab",
    },
    "cli": GROUND
    | {
        "messages",
        "feed",
        "shapes",
        "drafting",
        "inventory",
        "config",
        "store",
        "sources",
        "pipeline",
        "policy",
        "actions",
        "detect",
        "exposure",
        "repairs",
        "leaving",
        "promises",
        "verdicts",
        "server",
        "lab",
    },
}
"""For each room, the rooms it may import besides itself. Stages share facts, not code."""

PURE = {"model", "parts", "devices", "detect", "exposure", "trust", "policy", "incidents"}
OUTSIDE = {
    "socket", "ssl", "subprocess", "asyncio", "selectors", "urllib", "http", "httpx2", "sqlite3", "sqlalchemy",
    "alembic", "fastapi", "uvicorn", "starlette", "smtplib", "ftplib", "telnetlib", "multiprocessing",
}  # fmt: skip

MOST_LINES = 350
"""A file with more of them is more than one thing; of Rust its tests are included."""

MAY_BE_LONGER = {
    "src/cordon/model/tables.py": "the declaration of all tables, one line for each column",
    "rust/packets/src/tables/mod.rs": "the declaration of all tables, one line for each column",
}
"""Files that may have more lines, each with the reason why it is still one thing."""

FILES = sorted(SOURCE.rglob("*.py"))


def room(file: Path) -> str:
    """The top-level room a file belongs to; "" for the package's own docstring."""
    parts = file.relative_to(SOURCE).parts
    return "" if parts == ("__init__.py",) else parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[str]:
    """All modules a file imports, wherever it does, by their dotted names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield from ([f"cordon.{a.name}" for a in node.names] if node.module == "cordon" else [node.module or ""])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_rooms_import_only_what_they_may(file: Path) -> None:
    if room(file) in {"", "__main__"}:
        return
    used = {name.split(".")[1] for name in imports(file) if name.startswith("cordon.")}
    foreign = used - MAY_IMPORT[room(file)] - {room(file), "__version__"}
    assert not foreign, f"{room(file)} may not import {', '.join(sorted(foreign))}"


@pytest.mark.parametrize("file", [f for f in FILES if room(f) in PURE], ids=lambda file: str(file.relative_to(SOURCE)))
def test_pure_rooms_touch_nothing_outside(file: Path) -> None:
    used = {name.split(".")[0] for name in imports(file)}
    assert not used & OUTSIDE


def test_every_room_stands_in_the_table() -> None:
    rooms = {room(file) for file in FILES} - {"", "__main__"}
    assert rooms <= set(MAY_IMPORT)


def test_the_shipped_code_never_imports_the_tests_tools() -> None:
    used = {name.split(".")[0] for file in FILES for name in imports(file)}
    assert not used & {"scapy", "pytest", "hypothesis", "playwright"}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(f.relative_to(SOURCE)) for f in FILES if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_only_broad_except_is_the_pipelines() -> None:
    broad = [
        f"{file.relative_to(SOURCE)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert [place.split(":")[0] for place in broad] == ["pipeline.py"]


def test_python_is_new_enough() -> None:
    assert sys.version_info >= (3, 11)


def test_a_file_is_one_thing_and_says_what() -> None:
    rust = {file for crate in ("packets", "live") for file in (ROOT / "rust" / crate / "src").rglob("*.rs")}
    assert len(rust) > 100
    lines = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").splitlines() for file in [*FILES, *sorted(rust)]
    }
    long = {name for name, text in lines.items() if len(text) > MOST_LINES}
    assert not long - MAY_BE_LONGER.keys(), "cut it by what its parts are about; a protocol becomes a folder"
    assert MAY_BE_LONGER.keys() <= lines.keys()
    assert [name for name, text in lines.items() if name.endswith(".rs") and not text[0].startswith("//! ")] == []
