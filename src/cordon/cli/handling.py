"""What is to be handled, and what it rests on: ``incidents``, ``sources``."""

from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import AsJson, State, reading_of
from cordon.cli.output import many, print_json, say, table, watching, when

if TYPE_CHECKING:
    from cordon.store import Coverage


def incidents(
    *,
    state: State = None,
    as_json: AsJson = False,
    open_only: Annotated[bool, typer.Option("--open", help="Only those that are not closed.")] = False,
) -> None:
    """List incidents: findings that belong together, as one story.

    Examples: cordon incidents · cordon incidents --open --json
    """
    from cordon.model.finding import Severity  # noqa: PLC0415
    from cordon.shapes import incident_entry, plain  # noqa: PLC0415

    with reading_of(state) as store:
        found = store.incidents(open_only=open_only)
        names = store.device_names(device for incident in found for device in incident.devices)
    if as_json:
        print_json(plain([incident_entry(incident) for incident in found]))
        return watching(as_json)
    for incident in found:
        state_of = f"closed {when(incident.closed)}" if incident.closed else "open"
        say(f"{incident.title}", style="bold")
        say(f"  {incident.id} · {Severity(incident.severity).name.lower()} · began {when(incident.began)} · {state_of}")
        table(
            ("  when", "what", "device", "says"),
            [(f"  {when(e.time)}", e.what, names.get(e.device, e.device), e.says) for e in incident.events],
        )
        say()
    say(many(len(found), "incident") + "." if found else "No incidents.")
    return watching()


def sources(
    state: State = None,
    as_json: AsJson = False,
    networks: Annotated[bool, typer.Option("--networks", help="Only what is seen of each network.")] = False,
) -> None:
    """List what was read, and what Cordon can see of each network: how much of it, what was lost, what to connect next.

    Examples: cordon sources · cordon sources --json · cordon sources --networks --json
    """
    from cordon.cli.output import size  # noqa: PLC0415
    from cordon.shapes import network_entry, plain, source_entry  # noqa: PLC0415

    with reading_of(state) as store:
        found, seen = store.sources(), store.coverage()
    if as_json:
        entries = [network_entry(part) for part in seen] if networks else [source_entry(source) for source in found]
        return print_json(plain(entries))
    if not networks:
        table(
            ("source", "network", "from", "until", "packets", "size", "damaged or lost"),
            [
                (
                    s.label,
                    s.segment,
                    when(s.begin),
                    when(s.end),
                    f"{s.packets:,}",
                    size(s.bytes),
                    sum(s.damaged.values()),
                )
                for s in found
            ],
            right=("packets", "size", "damaged or lost"),
        )
        say()
    for part in seen:
        _tell_network(part)
    return None


def _tell_network(seen: "Coverage") -> None:
    """What is seen of one network, what of it was lost, and what to connect next."""
    from cordon.store import LOST, NEXT, SEES  # noqa: PLC0415

    say(
        f"{seen.segment}: {many(seen.both_ways, 'device')} seen both ways, {seen.one_way} one way only, "
        f"{seen.group_only} in broadcasts only."
    )
    for kind in seen.sees:
        say(f"  From {SEES[kind]}.")
    for sort, count in seen.lost.items():
        say(f"  Lost: {count:,} {LOST[sort]}.")
    if not seen.lost:
        say("  Lost: nothing that Cordon knows of.")
    if seen.next:
        say(f"  Connect next: {NEXT[seen.next]}.")
