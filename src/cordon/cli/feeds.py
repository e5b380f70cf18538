"""Threat intelligence: ``feeds add``, ``list``, ``update`` and ``remove``."""

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import AsJson, State, folder_of
from cordon.cli.output import complain, many, note, print_json, say, table, when

if TYPE_CHECKING:
    from cordon.model.threats import FeedAbout
    from cordon.sources.feeds import Outcome

app = typer.Typer(no_args_is_help=True, help="Lists of what is known to be bad: add, update and remove them.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="What you call the feed.")]


@app.callback()
def start() -> None:
    """Lists of what is known to be bad: add, update and remove them."""


@app.command()
def add(
    name: Name,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A file, or an address (http, https).")],
    *,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="What 32 hex digits are: md5 (the default) or ja3.")
    ] = "",
    old_after: Annotated[
        int, typer.Option("--old-after", metavar="DAYS", min=1, max=3650, help="From which age on it weighs less.")
    ] = 14,
    state: State = None,
) -> None:
    """Import a feed: addresses, networks, names, hashes of files and TLS fingerprints that are known to be bad.

    Read: lists, hosts files, CSV with a header, MISP (JSON), STIX 2.1 (JSON); also .gz. A running Cordon takes it up by
    itself.

    Examples: cordon feeds add own bad.txt · cordon feeds add botnets https://lists.example.org/botnets.csv
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.model.threats import feed_path  # noqa: PLC0415
    from cordon.sources.feeds import is_url  # noqa: PLC0415

    if not re.fullmatch(r"[A-Za-z0-9][\w-]{0,31}", name):
        raise AskedError(f"{name!r} is no name for a feed; use up to 32 letters, digits, - or _.")
    folder = _prepared(state)
    if feed_path(folder, name).exists():
        raise AskedError(f"There is a feed {name} already: cordon feeds update {name}, or remove it first.")
    source = source if is_url(source) else str(Path(source).absolute())
    _import(folder, name, source, kind, old_after)


@app.command(name="list")
def list_(*, state: State = None, as_json: AsJson = False) -> None:
    """List the feeds: whence, how old, and how much is in them.

    Examples: cordon feeds list · cordon feeds list --json
    """
    from cordon.model.threats import feeds  # noqa: PLC0415
    from cordon.shapes import feed_entry, plain  # noqa: PLC0415
    from cordon.sources.feeds import shown  # noqa: PLC0415

    now = time.time_ns() // 1000
    known = feeds(folder_of(state) / "feeds")
    entries = [feed_entry(name, one, shown(one.source) if one else "", now) for name, one in known.items()]
    if as_json:
        return print_json(plain(entries))
    if not entries:
        return note("There is no feed yet: cordon feeds add NAME SOURCE (docs/how-to/use-threat-intelligence.md)")
    rows = []
    for entry, about in zip(entries, known.values(), strict=True):
        age = f"{many(entry.age_days, 'day')}{', old' if entry.is_old else ''}"
        if about is None:
            rows.append((entry.name, "damaged; add it anew", "–", "–", "–", "–", "–"))
        else:
            rows.append((entry.name, entry.source, entry.form, f"{entry.indicators:,}", f"{entry.broken:,}",
                         when(about.fetched), age))  # fmt: skip
    return table(("feed", "from", "form", "indicators", "broken", "fetched (UTC)", "age"), rows,
                 right=("indicators", "broken"))  # fmt: skip


@app.command()
def update(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; all unless told.")] = None,
    *,
    state: State = None,
) -> None:
    """Fetch feeds anew. One that cannot be had stays as it was, and the others are updated all the same.

    Examples: cordon feeds update · cordon feeds update feodo
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.model.threats import feeds  # noqa: PLC0415
    from cordon.sources import SourceError  # noqa: PLC0415

    folder = folder_of(state) / "feeds"
    known = feeds(folder)
    for name in names or ():
        if name not in known:
            raise AskedError(f"There is no feed {name}; there are: {', '.join(known) or 'none'}.")
    failed = 0
    for name in names or known:
        about = known[name]
        try:
            if about is None:
                raise SourceError(f"{name} is damaged; remove it, and add it anew.")
            _import(folder, name, about.source, about.kind, about.old_after)
        except SourceError as error:
            failed += 1
            complain(str(error))
    if failed:
        complain(f"{many(failed, 'feed')} could not be updated and {'is' if failed == 1 else 'are'} as before.")
        raise typer.Exit(1)


@app.command()
def remove(name: Name, *, state: State = None) -> None:
    """Forget a feed. What was found by it stays.

    Examples: cordon feeds remove feodo
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.model.threats import feed_path, feeds  # noqa: PLC0415
    from cordon.store import StateError  # noqa: PLC0415

    folder = folder_of(state) / "feeds"
    known = feeds(folder)
    if name not in known:
        raise AskedError(f"There is no feed {name}; there are: {', '.join(known) or 'none'}.")
    try:
        feed_path(folder, name).unlink()
    except OSError as error:
        raise StateError(f"{feed_path(folder, name)} cannot be removed ({error.strerror}).") from None
    say(f"{name} is forgotten.")


def _prepared(state: Path | None) -> Path:
    """The folder of feeds in a folder that is, or can become, a state."""
    from cordon.store.folder import prepare  # noqa: PLC0415

    folder = folder_of(state)
    prepare(folder)
    return folder / "feeds"


def _import(folder: Path, name: str, source: str, kind: str, old_after: int) -> None:
    """Fetches, reads and keeps a feed, and says what came of it.

    Raises:
        SourceError: it cannot be had or read; an earlier one stands.
        StateError: it cannot be kept.
    """
    from cordon.model.threats import FeedAbout, keep_feed  # noqa: PLC0415
    from cordon.sources.feeds import fetch, read_feed, shown  # noqa: PLC0415
    from cordon.store import StateError  # noqa: PLC0415

    outcome = read_feed(fetch(source), shown(source), kind)
    counts = outcome.rows.unique(["kind", "value"]).height, outcome.broken, outcome.aside
    about = FeedAbout(name, source, outcome.form, kind, old_after, time.time_ns() // 1000, *counts)
    try:
        keep_feed(folder, about, outcome.rows)
    except OSError as error:
        raise StateError(f"{folder} cannot be written ({error.strerror or error}); make it yours.") from None
    _tell(about, outcome)


def _tell(about: "FeedAbout", outcome: "Outcome") -> None:
    kinds = outcome.rows.unique(["kind", "value"]).group_by("kind").len().sort("kind").rows()
    words = {"address": ("address", "addresses"), "name": ("name", "names")}
    told = [many(count, *words.get(kind, (f"{kind.upper()}", f"{kind.upper()}"))) for kind, count in kinds]
    say(f"{about.name}: {', '.join(told)}")
    for mistake in outcome.mistakes:
        complain(mistake)
    if about.broken > len(outcome.mistakes):
        complain(f"And {many(about.broken - len(outcome.mistakes), 'entry', 'entries')} more that cannot be read.")
    if about.aside:
        note(f"Left out: {many(about.aside, 'entry', 'entries')} that would hit everybody (private, or far too wide).")
    if {kind for kind, _ in kinds} <= {"md5", "sha1"}:
        note("Files that pass are known by their SHA-256 alone; MD5 and SHA-1 are kept but find nothing.")
