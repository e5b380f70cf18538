"""``notify``: who is told of incidents, what became of it, and a test of the way there."""

from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of
from cordon.cli.output import complain, many, note, print_json, table

if TYPE_CHECKING:
    from cordon.messages import Channel
    from cordon.store import Told


def notify(
    test: Annotated[
        str, typer.Option("--test", metavar="NAME", help="Send a test on this channel; `all` tests each.")
    ] = "",
    *,
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Say who is told of incidents and what became of it, or send a test.

    Channels stand below [[notify]] in the settings. `cordon serve` tells each incident once on each of them.

    Examples: cordon notify · cordon notify --test duty · cordon notify --test all
    """
    from cordon.config import load  # noqa: PLC0415
    from cordon.messages import channels  # noqa: PLC0415
    from cordon.store import NoStateError, Store  # noqa: PLC0415

    folder = folder_of(state)
    known = channels(load(folder, config).notify)
    if test:
        return _test(known, test)
    try:
        with Store.open(folder) as store:
            told = {one.channel: one for one in store.messages()}
    except NoStateError:
        told = {}
    return _show(known, told, as_json)


def _show(known: "tuple[Channel, ...]", told: "dict[str, Told]", as_json: bool) -> None:
    from cordon.shapes import ChannelEntry, iso, plain  # noqa: PLC0415
    from cordon.store import Told  # noqa: PLC0415

    rows = [(one, told.get(one.name, Told(one.name))) for one in known]
    if as_json:
        entries = [
            ChannelEntry(c.name, c.label, c.least.name.lower(), t.sent, t.waiting, t.given_up, iso(t.last), t.error)
            for c, t in rows
        ]
        return print_json(plain(entries))
    if not rows:
        return note("Nobody is told. Name a channel below [[notify]] in cordon.toml: see docs/how-to/be-told.md")
    return table(
        ("channel", "leads to", "from", "told", "waiting", "given up", "last trouble"),
        [(c.name, c.label, c.least.name.lower(), t.sent, t.waiting, t.given_up, t.error or "–") for c, t in rows],
        right=("told", "waiting", "given up"),
    )


def _test(known: "tuple[Channel, ...]", asked: str) -> None:
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.messages import Undelivered, trial  # noqa: PLC0415

    chosen = [one for one in known if asked in (one.name, "all")]
    if not chosen:
        there = ", ".join(one.name for one in known) or "none"
        raise AskedError(f"There is no channel {asked} below [[notify]] in the settings; there are: {there}.")
    failed = 0
    for channel in chosen:
        try:
            channel.send(trial(channel.name))
        except Undelivered as error:
            failed += 1
            complain(f"{channel.name}: {error}.")
        else:
            note(f"{channel.name}: taken ({channel.label}). Look whether it arrived.")
    if failed:
        complain(f"{many(failed, 'channel')} did not take the test.")
        raise typer.Exit(1)
