"""What devices may reach: ``policy draft`` and ``policy mud``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.asking import Which, found
from cordon.cli.options import AsJson, State, reading_of
from cordon.cli.output import many, note, print_json, say, table, watching, when

if TYPE_CHECKING:
    from cordon.drafting import Draft
    from cordon.model.decision import Allowance
    from cordon.model.device import Device
    from cordon.policy.mud import Comparison, Mud
    from cordon.shapes import PolicyResult

SHOWN = 20
"""Lines of what would be blocked, most often first; a scan has thousands."""

app = typer.Typer(no_args_is_help=True, help="Draft what a device may reach. Nothing is enforced.")


@app.callback()
def start() -> None:
    """Draft what a device may reach. Nothing is enforced."""


@app.command(name="draft")
def draft(
    device: Which,
    *,
    state: State = None,
    as_json: AsJson = False,
    as_nft: Annotated[bool, typer.Option("--nft", help="Print the ruleset for nft -f, and nothing else.")] = False,
) -> None:
    """Draft the least a device needs, from its traffic, and say what that would have blocked.

    Examples: cordon policy draft lobby-camera · cordon policy draft 10.0.0.7 --nft > camera.nft
    """
    from cordon import drafting, shapes  # noqa: PLC0415
    from cordon.actions.backends.nftables import render  # noqa: PLC0415

    with reading_of(state) as store:
        view = found(store, device)
        made = drafting.draft(store, view.device)
    ruleset = render(made.profile, view.device, made.devices)
    if as_nft:
        typer.echo(ruleset, nl=False)
        return watching(as_json=True)
    if as_json:
        print_json(shapes.plain(_result(made, ruleset)))
        return watching(as_json)
    _print(view.device, made)
    return watching()


@app.command(name="mud")
def mud(
    device: Which,
    *,
    against: Annotated[
        Path | None, typer.Option(help="A usage description (MUD, RFC 8520) to hold it against.")
    ] = None,
    url: Annotated[str, typer.Option(help="Where the description that is written will be found.")] = "",
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Write a device's usage description (MUD, RFC 8520), or say what it does beyond one that its maker wrote.

    Examples: cordon policy mud lobby-camera > camera.json · cordon policy mud lobby-camera --against maker.json
    """
    from cordon import drafting, shapes  # noqa: PLC0415
    from cordon.policy import mud as usage  # noqa: PLC0415

    with reading_of(state) as store:
        view = found(store, device)
        if against is not None:
            maker = _described(against)
            held, devices = drafting.compared(store, view.device, maker)
        else:
            made = drafting.draft(store, view.device)
    if against is not None:
        if as_json:
            print_json(shapes.plain(shapes.usage_result(view.device.id, view.device.site, maker, held)))
        else:
            _compared(view.device, maker, held, devices)
        return watching(as_json)
    described = usage.describe(
        made.profile,
        view.device,
        made.devices,
        updated=shapes.iso(made.profile.learned_until) or "1970-01-01T00:00:00Z",
        url=url or f"https://mud.invalid/{view.device.id}",
    )
    typer.echo(usage.write(described), nl=False)
    if left_out := usage.untold(made.profile):
        note(f"Left out, for MUD has no words for it: {', '.join(one.name or one.proto for one in left_out)}")
    return watching(as_json=True)


def _described(path: Path) -> "Mud":
    from cordon.policy import mud as usage  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            return usage.read(file.read(usage.MOST_BYTES + 1))
    except OSError as error:
        raise usage.MudError(f"{path} cannot be read: {error.strerror}.") from None
    except usage.MudError as error:
        raise usage.MudError(f"{path} cannot be used: {error}.") from None


def _compared(device: "Device", maker: "Mud", held: "Comparison", devices: "dict[str, Device]") -> None:
    say(f"{device.name} against {maker.systeminfo or maker.url}", style="bold")
    if not held.flows:
        return say("No traffic of it is recorded, so nothing could be held against it.")
    say(f"{held.fitting:,} of {many(held.flows, 'flow')} are what the description allows.")
    rows = [
        (
            one.direction,
            f"{one.proto}/{one.port}" if one.port else one.proto,
            devices[one.whom].name if one.whom in devices else one.whom,
            f"{one.flows:,}",
            when(one.last),
        )
        for one in held.beyond[:SHOWN]
    ]
    if rows:
        say()
        say("Beyond it", style="bold")
        table(("", "what", "whom", "flows", "last"), rows)
    if len(held.beyond) > SHOWN:
        say(f"  and {len(held.beyond) - SHOWN:,} more kinds of talk; all of them with --json")
    if held.unused:
        say()
        say(f"Never used: {many(len(held.unused), 'entry', 'entries')} of {len(maker.statements):,}.")
    return None


def _result(made: "Draft", ruleset: str) -> "PolicyResult":
    from cordon import shapes  # noqa: PLC0415
    from cordon.shapes import iso  # noqa: PLC0415

    profile, simulation = made.profile, made.simulation
    return shapes.PolicyResult(
        device=profile.device,
        site=profile.site,
        simulated=True,
        learned_from=iso(profile.learned_from),
        learned_until=iso(profile.learned_until),
        allowances=[shapes.allowance_entry(one) for one in profile.allowances],
        left_out=[shapes.allowance_entry(one) for one in profile.left_out],
        flows=simulation.flows,
        allowed=simulation.allowed,
        blocked=simulation.blocked,
        suspicious=simulation.suspicious,
        would_block=[shapes.blocked_entry(row) for row in simulation.rows],
        nft=ruleset,
    )


def _print(device: "Device", made: "Draft") -> None:
    profile, simulation = made.profile, made.simulation
    say(f"What {device.name} may do: a draft", style="bold")
    say(f"Learned from its traffic, {when(profile.learned_from)} to {when(profile.learned_until)} UTC.")
    say()
    _allowances(profile.allowances, made)
    if profile.left_out:
        say()
        say("Left out", style="bold")
        _allowances(profile.left_out, made)
    say()
    if not simulation.flows:
        return say("No traffic of it is recorded, so nothing could be tried.")
    say(f"On that traffic it would have let {simulation.allowed:,} of {many(simulation.flows, 'flow')} pass.")
    for row in simulation.rows[:SHOWN]:
        say(f"  would block: {row.what}, {many(row.flows, 'flow')}, last {when(row.last)}")
    if len(simulation.rows) > SHOWN:
        rest = sum(row.flows for row in simulation.rows[SHOWN:])
        say(f"  and {len(simulation.rows) - SHOWN:,} more kinds of talk, {many(rest, 'flow')}; all of them with --json")
    note("The ruleset: --nft")
    return None


def _allowances(allowances: "tuple[Allowance, ...]", made: "Draft") -> None:
    rows = []
    for one in allowances:
        peer = made.devices[one.peer].name if one.peer in made.devices else one.peer
        service = one.service or one.proto or "any"
        port = f" ({one.proto}/{one.port})" if one.port else ""
        whom = peer or one.name or one.network or "anybody"
        rows.append((one.direction, service + port, whom, "essential" if one.essential else "", one.why))
    if rows:
        table(("", "what", "whom", "", "why"), rows)
    else:
        say("  nothing")
