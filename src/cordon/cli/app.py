"""All commands, in the order in which people meet them."""

from typing import Annotated

import typer

from cordon.cli import (
    asking,
    correcting,
    discovering,
    expected,
    exposing,
    feeds,
    handling,
    inventory,
    judging,
    lab,
    leaving,
    normal,
    notifying,
    policy,
    reading,
    rules,
    service,
    serving,
)

app = typer.Typer(
    name="cordon",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=(
        "Cordon sees every device on your network, says what it is, learns what is normal for it, "
        "and notices when it leaves that.\n\n"
        "Start with [bold]cordon demo[/bold], or with a capture of your own: [bold]cordon read capture.pcap[/bold]"
    ),
    epilog="Watching only: nothing on your network is changed.",
)
app.command()(reading.read)
app.command()(reading.watch)
app.command()(discovering.discover)
app.command()(serving.demo)
app.command(name="open")(serving.open_console)
app.command()(serving.serve)
app.command()(serving.status)
app.command()(notifying.notify)
app.command()(asking.devices)
app.command()(asking.show)
app.command()(normal.baseline)
app.command()(asking.findings)
app.command()(asking.why)
app.command()(handling.incidents)
app.command()(exposing.repairs)
app.command()(exposing.exposures)
app.command()(exposing.accept)
app.command()(leaving.leaving)
app.command()(expected.expected)
app.command()(judging.reject)
app.command()(judging.verdicts)
app.command()(handling.sources)
app.command()(correcting.correct)
app.command()(correcting.join)
app.command()(correcting.split)
app.add_typer(inventory.app, name="inventory")
app.add_typer(feeds.app, name="feeds")
app.add_typer(rules.app, name="rules")
app.add_typer(policy.app, name="policy")
app.add_typer(service.app, name="service")
app.command()(lab.lab)


def _version(asked: bool) -> None:
    if asked:
        from cordon import __version__  # noqa: PLC0415  # kept out of the start of every command

        typer.echo(f"cordon {__version__}")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and end.")
    ] = False,
) -> None:
    """Keeps a single command from becoming the program itself."""
