"""The inventory as files: ``inventory import`` and ``inventory export``."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of, reading_of
from cordon.cli.output import log_to_stderr, many, note, print_json, say, table, watching

if TYPE_CHECKING:
    from cordon.inventory import ImportResult

app = typer.Typer(help="Take in lists of devices that others keep, and give out ours.", no_args_is_help=True)
READ = "auto, csv, json, netbox, isc, dnsmasq, kea, netalertx, unifi, pihole or adguard."


@app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Lists, leases or logs.")],
    *,
    format: Annotated[str, typer.Option("--format", metavar="FORMAT", help=READ)] = "auto",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    segment: Annotated[
        str | None, typer.Option("--segment", metavar="NAME", help="Network of devices that nobody saw yet.")
    ] = None,
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Whose word it is.")] = "owner",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Take in devices from CSV, DHCP leases, NetAlertX, UniFi, NetBox, Pi-hole or AdGuard Home.

    What people wrote stands before what was discovered; what programs found fills in where nothing was. It is all or
    nothing: a file with a mistake is told with its line, and changes nothing.

    Examples: cordon inventory import devices.csv --dry-run · cordon inventory import /var/lib/dhcp/dhcpd.leases
    """
    from cordon.cli import handover  # noqa: PLC0415
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.inventory import FORMATS  # noqa: PLC0415

    if format not in {"auto", *FORMATS}:
        raise AskedError(f"--format is {format}; it must be {READ}")
    folder = folder_of(state)
    server = handover.running(folder)
    if server is not None:
        results = handover.hand_lists(server, tuple(files), format, dry_run, segment or "", who)
    else:
        results = _take_in(folder, files, format, dry_run, segment, who, config)
    if as_json:
        from cordon.shapes import plain  # noqa: PLC0415

        print_json(plain(results))
        return watching(as_json)
    for result in results:
        _report(result)
    return watching()


def _take_in(
    folder: Path,
    files: list[Path],
    format: str,
    dry_run: bool,
    segment: str | None,
    who: str,
    config: Path | None,
) -> "list[ImportResult]":
    from cordon.cli.reading import pipeline_of  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.feed import hand_on  # noqa: PLC0415
    from cordon.inventory import Site, taken  # noqa: PLC0415
    from cordon.store import NoStateError, Store  # noqa: PLC0415

    log_to_stderr()
    settings = load(folder, config, segment=segment)
    site = Site(settings.site, settings.segment, who, time.time_ns() // 1000)
    if dry_run:
        try:
            with Store.open(folder) as store:
                return taken(files, store, site, format=format, dry_run=True)[1]
        except NoStateError:
            return taken(files, None, site, format=format, dry_run=True)[1]
    taken(files, None, site, format=format)  # the files are looked at before anything is touched
    with Store.open(folder, write=True, what="cordon inventory import") as store:
        imported, results = taken(files, store, site, format=format)
        pipeline = pipeline_of(store, settings)
        store.take_in(imported)
        hand_on(imported.edits, pipeline, store)
        pipeline.save(store.stages)
    return results


def _report(result: "ImportResult") -> None:
    say(f"{result.file} ({result.format}){': nothing is changed yet' if result.dry_run else ''}", style="bold")
    say(
        f"  {many(result.known, 'device')} known, {result.new} new (known from the import, never seen), "
        f"{many(result.heard, 'thing')} heard of them."
    )
    if result.changes:
        say(f"  {many(len(result.changes), 'word')} {'would change' if result.dry_run else 'changed'}:")
        rows = [(f"  {one.name}", one.field, one.was or "–", one.value) for one in result.changes[:40]]
        table(("  device", "field", "was", "becomes"), rows)
        if len(result.changes) > 40:
            say(f"  and {len(result.changes) - 40:,} more")
    for line in result.left_out[:10]:
        say(f"  left out: {line}")
    if len(result.left_out) > 10:
        say(f"  and {len(result.left_out) - 10:,} more left out")


@app.command()
def export(
    *,
    format: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv, json, cyclonedx or netbox.")] = "csv",
    out: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; else printed.")] = None,
    state: State = None,
) -> None:
    """Give out all devices with what people and traffic say of them; what is exported can be imported again.

    Examples: cordon inventory export -o devices.csv · cordon inventory export --format cyclonedx -o hardware.cdx.json
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.inventory import WRITTEN, inventory_of, write  # noqa: PLC0415

    if format not in WRITTEN:
        raise AskedError(f"--format is {format}; it must be one of {', '.join(WRITTEN)}.")
    with reading_of(state) as store:
        entries = inventory_of(store)
        text = write(entries, format, store.as_of())
    if out is None:
        sys.stdout.write(text)
        return
    fresh = out.with_name(out.name + ".new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(out)
    except OSError as error:
        raise AskedError(f"{out} cannot be written ({error.strerror}); choose another file.") from None
    note(f"{many(len(entries), 'device')} written to {out}.")
