"""Cordon as a service of the machine: ``service install``, ``show`` and ``uninstall``."""

import os
import socket
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cordon.cli.asked import AskedError
from cordon.cli.output import say

if TYPE_CHECKING:
    from cordon.cli.steps import Step
    from cordon.config import Config

app = typer.Typer(no_args_is_help=True, help="Run Cordon as a service of this machine (systemd).")

UNIT: Final = Path("etc/systemd/system/cordon.service")
SETTINGS: Final = Path("etc/cordon/cordon.toml")
HIDDEN: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108  # folders that the unit hides
LINK: Final = Path("etc/systemd/system/multi-user.target.wants/cordon.service")

Interface = Annotated[
    list[str] | None, typer.Option("--interface", metavar="IF", help="An interface to watch; may be repeated.")
]
Root = Annotated[Path, typer.Option("--root", metavar="DIR", help="Write below another root, and start nothing.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Site = Annotated[str | None, typer.Option("--site", metavar="NAME", help="Name of the site.")]


@app.command()
def install(interface: Interface = None, root: Root = Path("/"), site: Site = None, dry_run: DryRun = False) -> None:
    """Install the service and start it: writes a unit with the least rights, and settings where there are none.

    Done twice it changes nothing more; cordon service uninstall undoes it.

    Examples: sudo cordon service install --interface eth0 · cordon service install --interface eth0 --dry-run
    """
    from cordon.cli.steps import Run, Write  # noqa: PLC0415  # kept out of the start of every command
    from cordon.cli.unit import MARK, NAME, settings_file, unit  # noqa: PLC0415

    place = root / SETTINGS
    fresh = not place.exists()
    settings = _settings(place, fresh, interface, site)
    _check_interfaces(settings, root)
    _check_ours(root / UNIT, MARK)
    steps: list[Step] = [Write(place, settings_file(settings))] if fresh else []
    steps.append(Write(root / UNIT, unit(command(), settings)))
    if root == Path("/"):
        steps += [Run(("systemctl", "daemon-reload")), Run(("systemctl", "enable", NAME))]
        steps.append(Run(("systemctl", "restart", NAME)))
    if not fresh:
        say(f"{place} stands and is left as it is.")
    _do(steps, dry_run)
    if not dry_run:
        if root == Path("/"):
            say(
                "Cordon runs. What it says: journalctl -fu cordon. "
                "Its console: sudo cordon open --state /var/lib/cordon."
            )
        else:
            say(f"Nothing was started; enable it with: systemctl --root={root} enable {NAME}")


@app.command()
def show(interface: Interface = None, root: Root = Path("/")) -> None:
    """Print the unit as it would be written; nothing is touched.

    Examples: cordon service show --interface eth0
    """
    from cordon.cli.unit import unit  # noqa: PLC0415  # see above

    place = root / SETTINGS
    typer.echo(unit(command(check=False), _settings(place, not place.exists(), interface or ["eth0"], None)), nl=False)


@app.command()
def uninstall(root: Root = Path("/"), dry_run: DryRun = False) -> None:
    """Stop the service and take its unit away; settings and state stay.

    Examples: sudo cordon service uninstall
    """
    from cordon.cli.steps import Delete, Run, text_of  # noqa: PLC0415  # see above
    from cordon.cli.unit import MARK, NAME, STATE  # noqa: PLC0415

    _check_ours(root / UNIT, MARK)
    is_there = text_of(root / UNIT) is not None
    steps: list[Step] = []
    if root == Path("/") and is_there:
        steps.append(Run(("systemctl", "disable", "--now", NAME)))
    steps += [Delete(root / UNIT), Delete(root / LINK)]
    if root == Path("/") and is_there:
        steps.append(Run(("systemctl", "daemon-reload")))
    _do(steps, dry_run)
    left = [str(path) for path in (root / SETTINGS, root / STATE.lstrip("/")) if path.exists()]
    if left:
        say(f"What stays is yours to delete: {' and '.join(left)}.")


def command(*, check: bool = True) -> tuple[str, ...]:
    """The command that the service runs.

    Raises:
        AskedError: it stands where the service may not look.
    """
    script = Path(sysconfig.get_path("scripts")) / "cordon"
    words = (str(script),) if script.is_file() else (sys.executable, "-m", "cordon")
    if check:
        hidden = next((folder for folder in HIDDEN if Path(words[0]).is_relative_to(folder)), "")
        if hidden:
            raise AskedError(
                f"{words[0]} is below {hidden}, which a service may not look into; install Cordon elsewhere, "
                "as in /opt/cordon (docs/how-to/install-a-wheel.md), and run this again there."
            )
    return (*words, "serve", "--config", f"/{SETTINGS}", "--state", "/var/lib/cordon")


def _settings(place: Path, fresh: bool, interfaces: Sequence[str] | None, site: str | None) -> "Config":
    """The settings that stand, or those to begin with.

    Raises:
        ConfigError: they are wrong.
        AskedError: they do not name what is asked for, or nothing.
    """
    from cordon.config import load  # noqa: PLC0415  # see above

    if fresh:
        if not interfaces:
            raise AskedError(f"Nothing to watch yet: name an interface with --interface; there are {_there()}.")
        return load(site=site, watch=[{"interface": name} for name in interfaces])
    settings = load(file=place)
    named = {one.interface for one in settings.watch}
    missing = [name for name in interfaces or () if name not in named]
    if missing:
        raise AskedError(f'{place} does not name {missing[0]}; add [[watch]] interface = "{missing[0]}" to it.')
    if site is not None and site != settings.site:
        raise AskedError(f"{place} calls the site {settings.site}; change it there.")
    if not settings.watch:
        raise AskedError(f'{place} names nothing to watch; add [[watch]] and interface = "eth0" to it.')
    return settings


def _check_interfaces(settings: "Config", root: Path) -> None:
    """An interface that is not there is most likely a mistake; another root may be meant for another machine."""
    if root != Path("/"):
        return
    there = {name for _, name in socket.if_nameindex()}
    for one in settings.watch:
        if one.interface and one.interface not in there:
            raise AskedError(f"There is no interface {one.interface} on this machine; there are {_there()}.")


def _check_ours(path: Path, mark: str) -> None:
    from cordon.cli.steps import text_of  # noqa: PLC0415  # see above

    found = text_of(path)
    if found is not None and not found.startswith(mark):
        raise AskedError(f"{path} was not written by Cordon; move it away first.")


def _there() -> str:
    return ", ".join(sorted(name for _, name in socket.if_nameindex())) or "none"


def _do(steps: Sequence["Step"], dry_run: bool) -> None:
    """Says all that will be done, then does it.

    Raises:
        AskedError: a step failed, or the rights for it are missing.
    """
    open_steps = [step for step in steps if not step.is_done()]
    for step in steps:
        say(f"{'would ' if dry_run else 'will '}{step.says}" if step in open_steps else f"as it should be: {step.says}")
    if dry_run or not open_steps:
        return
    runs = [step for step in open_steps if step.says.startswith("run ")]
    if runs and os.geteuid() != 0:
        raise AskedError("This changes the services of the machine; run it with sudo, or look first with --dry-run.")
    for step in open_steps:
        step.do()
