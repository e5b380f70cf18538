"""Rules of owners: ``rules check`` and ``rules import``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import ConfigFile, State, folder_of
from cordon.cli.output import complain, many, note, say, table

if TYPE_CHECKING:
    from cordon.detect.rules import Read

app = typer.Typer(no_args_is_help=True, help="Detectors of your own, as rules in YAML: check and import them.")


@app.callback()
def start() -> None:
    """Detectors of your own, as rules in YAML: check and import them."""


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="Files or folders of rules.")] = None,
    *,
    state: State = None,
    config: ConfigFile = None,
) -> None:
    """Say which rules hold, and what is wrong with the others, by file and line; of your folder of rules unless told.

    Examples: cordon rules check · cordon rules check rules/night.yaml
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.detect.rules import Read, load_rules, read_file  # noqa: PLC0415

    read = Read()
    folder = load(folder_of(state), config).rules.folder
    for path in files or [folder or Path("rules")]:
        if files and not path.exists():
            raise AskedError(f"{path} does not exist.")
        one = load_rules(path) if path.is_dir() or not files else read_file(path)
        read.rules += one.rules
        read.mistakes += one.mistakes
    _tell(read, folder)


def _tell(read: "Read", folder: Path | None) -> None:
    if read.rules:
        table(
            ("rule", "looks at", "family", "severity", "says"),
            [(one.name, one.table, one.family, one.severity.name.lower(), one.says) for one in read.rules],
        )
    for mistake in read.mistakes:
        complain(mistake)
    if read.mistakes:
        complain(f"{many(len(read.mistakes), 'rule')} left out.")
        raise typer.Exit(2)
    if not read.rules:
        note(f"There is no rule in {folder}; docs/how-to/write-a-rule.md shows how one is written.")


@app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rules of Sigma (.yml).")],
    *,
    state: State = None,
    config: ConfigFile = None,
) -> None:
    """Turn network rules of Sigma (DNS, proxy, web server, firewall, Zeek) into rules of yours, and check them.

    Each becomes a file in your folder of rules, to be read and changed. Needs pySigma: pip install cordon[sigma]

    Examples: cordon rules import proxy_ua_malware.yml · cordon rules import sigma/rules/network/zeek/*.yml
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.store import StateError  # noqa: PLC0415

    try:
        from cordon.detect.rules.from_sigma import imported  # noqa: PLC0415
    except ImportError:
        raise AskedError(
            "Rules of Sigma are read by pySigma, which is not installed: pip install cordon[sigma]"
        ) from None
    folder = load(folder_of(state), config).rules.folder or folder_of(state) / "rules"
    refused = 0
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise AskedError(f"{path} is no text in UTF-8.") from None
        except OSError as error:
            raise AskedError(f"{path} cannot be read ({error.strerror}).") from None
        for made in imported(text, str(path)):
            if made.mistake:
                refused += 1
                complain(made.mistake)
                continue
            target = folder / f"{made.name}.yaml"
            try:
                _write(target, made.text)
            except OSError as error:
                raise StateError(f"{target} cannot be written ({error.strerror}).") from None
            say(f"{target}: {made.title}")
    if refused:
        complain(f"{many(refused, 'rule')} of Sigma could not be taken over.")
        raise typer.Exit(2)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def explanation(folder: Path, detector: str) -> str:
    """The page of a detector of the manual, or what a rule explains of itself; "" where it is not there any more."""
    from inspect import getdoc  # noqa: PLC0415

    from cordon.detect.detectors import DETECTORS  # noqa: PLC0415

    if detector.startswith("rule:"):
        from cordon.config import load  # noqa: PLC0415
        from cordon.detect.rules import load_rules  # noqa: PLC0415

        rules = {rule.id: rule for rule in load_rules(load(folder).rules.folder).rules}
        return (rules[detector].explains or f"A rule of yours: {rules[detector].place}") if detector in rules else ""
    parts = {part.id: part for part in DETECTORS}
    return getdoc(parts[detector]) or "" if detector in parts else ""
