"""What is to be handled, and what it rests on: ``incidents``, ``sources``."""

from typing import Annotated

import typer

from cordon.cli.options import AsJson, State, reading_of
from cordon.cli.output import many, print_json, say, table, watching, when


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


def sources(state: State = None, as_json: AsJson = False) -> None:
    """List what was read, and what Cordon can see of each network.

    Examples: cordon sources · cordon sources --json
    """
    from cordon.cli.output import size  # noqa: PLC0415
    from cordon.shapes import plain, source_entry  # noqa: PLC0415
    from cordon.store import NEXT, SEES  # noqa: PLC0415

    with reading_of(state) as store:
        found, seen = store.sources(), store.coverage()
    if as_json:
        return print_json(plain([source_entry(source) for source in found]))
    table(
        ("source", "network", "from", "until", "packets", "size", "damaged or lost"),
        [
            (s.label, s.segment, when(s.begin), when(s.end), f"{s.packets:,}", size(s.bytes), sum(s.damaged.values()))
            for s in found
        ],
        right=("packets", "size", "damaged or lost"),
    )
    say()
    for part in seen:
        say(
            f"{part.segment}: {many(part.both_ways, 'device')} seen both ways, {part.one_way} one way only, "
            f"{part.group_only} in broadcasts only."
        )
        for kind in part.sees:
            say(f"  From {SEES[kind]}.")
        if part.next:
            say(f"  Connect next: {NEXT[part.next]}.")
    return None
