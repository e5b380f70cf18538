"""Saying what a device is: ``correct``, ``join``, ``split``."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.asking import Which, found, what_it_is
from cordon.cli.keeping import keep
from cordon.cli.options import AsJson, ConfigFile, State, folder_of
from cordon.cli.output import many, note, print_json, say, watching

if TYPE_CHECKING:
    from cordon.inventory import Speaker
    from cordon.model.edit import Edit
    from cordon.store import DeviceView, Store

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why you say so; kept with it.")]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="Who says so.")]


def _option(name: str, says: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(f"--{name}", metavar=name.upper(), help=says)
    return option


def correct(
    device: Which,
    *,
    kind: Annotated[str, _option("kind", "What it is: camera, printer … (docs/reference/kinds.md).")] = "",
    model: Annotated[str, _option("model", "Its model.")] = "",
    vendor: Annotated[str, _option("vendor", "Who made it.")] = "",
    os: Annotated[str, _option("os", "Its operating system.")] = "",
    firmware: Annotated[str, _option("firmware", "The version of its firmware.")] = "",
    name: Annotated[str, _option("name", "What you call it.")] = "",
    location: Annotated[str, _option("location", "Where it is.")] = "",
    purpose: Annotated[str, _option("purpose", "What it is for.")] = "",
    owner: Annotated[str, _option("owner", "Whose it is.")] = "",
    tags: Annotated[str, _option("tags", "Words to find it by, separated by commas.")] = "",
    zone: Annotated[str, _option("zone", "The zone it belongs to.")] = "",
    criticality: Annotated[str, _option("criticality", "1 (a light bulb) to 5 (people depend on it).")] = "",
    notes: Annotated[str, _option("notes", "Anything else.")] = "",
    withdraw: Annotated[
        list[str] | None, typer.Option("--withdraw", metavar="FIELD", help="Take back what was said; may be repeated.")
    ] = None,
    why: Why = "",
    who: Who = "owner",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Say what a device is: your word stands before what was discovered, until you withdraw it.

    Devices that look alike are named afterwards; nothing is said of them until you say it.

    Examples: cordon correct 10.0.0.9 --kind camera --location Lobby · cordon correct lobby-cam --withdraw kind
    """
    given = {
        "kind": kind, "model": model, "vendor": vendor, "os": os, "firmware": firmware, "name": name,
        "location": location, "purpose": purpose, "owner": owner, "tags": tags, "zone": zone,
        "criticality": criticality, "notes": notes,
    }  # fmt: skip
    words = [(field, value, False) for field, value in given.items() if value]
    words += [(field, "", True) for field in withdraw or ()]
    _tell(device, words, why, who, state, as_json, config)


def join(
    device: Which,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The device that is the same one.")],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Part them again.")] = False,
    why: Why = "",
    who: Who = "owner",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Say that two devices are one, as a laptop by cable and by radio.

    Examples: cordon join 02:00:00:00:00:0a 02:00:00:00:00:0b · cordon join laptop laptop-wifi --undo
    """
    _tell(device, [("same-as", other, undo)], why, who, state, as_json, config)


def split(
    device: Which,
    endpoint: Annotated[
        str, typer.Argument(metavar="ENDPOINT", help="The MAC address (or IP) that is another device.")
    ],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Let evidence decide again.")] = False,
    why: Why = "",
    who: Who = "owner",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Say that an address of a device is a device of its own; evidence never joins them again.

    Examples: cordon split lobby-cam 02:00:00:00:00:0b --why "the recorder beside it"
    """
    _tell(device, [("apart", endpoint, undo)], why, who, state, as_json, config)


def _tell(
    device: str,
    words: list[tuple[str, str, bool]],
    why: str,
    who: str,
    state: Path | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Keeps words of one device, here or through the Cordon that is running, and says what came of it."""
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.inventory import Speaker  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    if not words:
        raise AskedError("Say what it is, as with --kind camera, or take something back with --withdraw kind.")
    folder = folder_of(state)
    speaker = Speaker(who, time.time_ns() // 1000, why)
    edits = keep(
        folder,
        lambda store: _edits(store, found(store, device), words, speaker),
        to="/api/edits",
        what="cordon correct",
        config=config,
    )
    with Store.open(folder) as store:
        view = store.device(edits[0].device)
        if view is not None:
            _report(store, view, edits, as_json)


def _edits(store: "Store", view: "DeviceView", words: list[tuple[str, str, bool]], speaker: "Speaker") -> "list[Edit]":
    from cordon.inventory import edit_of  # noqa: PLC0415

    return [edit_of(store, view, field, value, speaker, withdrawn=withdrawn) for field, value, withdrawn in words]


def _report(store: "Store", view: "DeviceView", edits: "list[Edit]", as_json: bool) -> None:
    from cordon import shapes  # noqa: PLC0415

    questions = store.questions(like=view.device.id)
    names = store.device_names(question.device for question in questions)
    if as_json:
        result = shapes.CorrectResult(
            device=shapes.device_entry(view),
            edits=[shapes.edit_entry(edit) for edit in edits],
            questions=[shapes.question_entry(one, names.get(one.device, one.device)) for one in questions],
        )
        print_json(shapes.plain(result))
        return watching(as_json)
    say(f"{view.device.name}: {what_it_is(view)}", style="bold")
    for edit in edits:
        said = f"{edit.field} {edit.value}".strip()
        say(f"  {'withdrawn: ' if edit.withdrawn else ''}{said}, says {edit.who}{f': {edit.why}' if edit.why else ''}")
    if questions:
        devices = dict.fromkeys(question.device for question in questions)
        say()
        say(
            f"{many(len(devices), 'device')} look{'s' if len(devices) == 1 else ''} alike. Is it the same? Then say so:"
        )
        for id in list(devices)[:10]:
            given = " ".join(f"--{one.field} '{one.value}'" for one in questions if one.device == id)
            say(f"  cordon correct {id} {given}    {names.get(id, id)}")
        if len(devices) > 10:
            note(f"And {len(devices) - 10} more; the console asks about each.")
    return watching()
