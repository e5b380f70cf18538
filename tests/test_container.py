"""The container is built of files that are there, by the Makefile's commands, and runs a command that exists."""

import fnmatch
import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cordon.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
KNOWN = {"ARG", "FROM", "RUN", "COPY", "WORKDIR", "ENV", "USER", "VOLUME", "HEALTHCHECK", "CMD"}


def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile with their arguments; continued lines are one, comments are left out."""
    lines = [
        line
        for line in (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#")
    ]
    text = "\n".join(lines).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions by stage; what stands before the first FROM is left out."""
    found: list[list[tuple[str, str]]] = []
    for step in steps():
        if step[0] == "FROM":
            found.append([])
        if found:
            found[-1].append(step)
    return found


def copied(stage: list[tuple[str, str]]) -> list[str]:
    """What a stage copies of the sources."""
    words = [shlex.split(rest) for word, rest in stage if word == "COPY" and "--from" not in rest]
    return [name for of in words for name in of[:-1]]


def ran(stage: list[tuple[str, str]]) -> list[list[str]]:
    """The commands that a stage runs, each with its words."""
    return [shlex.split(one) for word, rest in stage if word == "RUN" for one in rest.split("&&")]


def test_only_known_instructions_are_used() -> None:
    assert {word for word, _ in steps()} <= KNOWN


@pytest.mark.parametrize("name", sorted({name for stage in stages() for name in copied(stage)}))
def test_what_is_copied_is_there_and_let_through(name: str) -> None:
    assert (ROOT / name).exists()
    assert f"!{name}" in (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()


def test_nothing_is_let_through_that_is_not_copied() -> None:
    let = re.findall(r"^!(.+)$", (ROOT / ".containerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(let) == sorted({name for stage in stages() for name in copied(stage)})


def test_it_is_built_by_the_makefiles_own_command() -> None:
    (target,) = [words[1:] for words in ran(stages()[0]) if words[0] == "make"]
    assert re.search(rf"^{target[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_what_the_makefile_reads_for_it_is_copied() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    needs = set(re.findall(r"(?:scripts/\w+\.\w+|requirements(?:-build)?\.lock|package(?:-lock)?\.json)", makefile))
    there = copied(stages()[0])
    assert [need for need in needs if not any(fnmatch.fnmatch(need, f"{name}*") for name in there)] == []


def test_the_compiler_is_new_enough() -> None:
    wanted = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["rust-version"]
    assert stages()[0][0][1].startswith(f"rust:{wanted}-")


def test_what_runs_holds_no_tools_that_build_and_is_nobody_special() -> None:
    last = stages()[-1]
    assert last[0][1].startswith("python:")
    installed = [words for words in ran(last) if words[:2] == ["apt-get", "install"]]
    assert [words[-1] for words in installed] == ["libcap2-bin"]
    assert ["apt-get", "purge", "--yes", "--auto-remove", "libcap2-bin"] in ran(last)
    assert not {"rust", "src", "requirements-build.lock"} & set(copied(last))
    assert [rest for word, rest in last if word == "USER"] == ["cordon"]
    granted = [words for words in ran(last) if words[0] == "setcap"]
    assert [words[1] for words in granted] == ["cap_net_raw+ep"]


@pytest.mark.parametrize("instruction", ["CMD", "HEALTHCHECK"])
def test_its_commands_exist(instruction: str) -> None:
    (said,) = [rest for word, rest in stages()[-1] if word == instruction]
    words: list[str] = json.loads(said[said.index("[") :])
    after = words[words.index("cordon") + 1 :]
    program: Any = typer.main.get_command(app)
    command = program.commands[after[0]]
    options = {name for one in command.params for name in one.opts}
    assert {word for word in after[1:] if word.startswith("--")} <= options


def test_the_state_is_a_volume_of_that_user() -> None:
    told = dict(stages()[-1])
    assert told["VOLUME"] == told["WORKDIR"] == "/var/lib/cordon"
    assert f"CORDON_STATE={told['VOLUME']}" in told["ENV"]
    assert any(
        words[0] == "install" and words[-1] == told["VOLUME"] and "cordon" in words for words in ran(stages()[-1])
    )
