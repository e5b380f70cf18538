"""What people say of findings: ``reject``, ``verdicts``, and ``accept`` where it is of a finding."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of, reading_of
from cordon.cli.output import log_to_stderr, print_json, say, table, watching, when

if TYPE_CHECKING:
    from cordon.model.verdict import Verdict
    from cordon.shapes import VerdictEntry
    from cordon.store import Store

Owner = Annotated[str, typer.Option("--owner", metavar="NAME", help="Who answers for it.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
Until = Annotated[str, typer.Option("--until", metavar="DAY", help="2027-03-31, or 90d from now.")]
Scoped = Annotated[str, typer.Option("--for", metavar="device|kind|site", help="Of a finding: for whom it is said.")]
About = Annotated[
    str, typer.Option("--only", metavar="WHAT", help="Of a finding: only with that peer, place, service.")
]
Undo = Annotated[bool, typer.Option("--undo", help="Take back what was said.")]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="Who says so.")]


def reject(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="The id of a finding.")],
    *,
    owner: Owner = "",
    reason: Reason = "",
    until: Until = "",
    scope: Scoped = "device",
    about: About = "",
    undo: Undo = False,
    who: Who = "owner",
    state: State = None,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Say that what a finding speaks of is not normal: it is not learned, and told again each day that it goes on.

    Examples: cordon reject finding-3f9a01b2c4d5 --owner Ada --reason "no business of a printer" ·
    cordon reject finding-3f9a01b2c4d5 --undo
    """
    said = {"owner": owner, "reason": reason, "until": until, "scope": scope, "about": about, "who": who}
    judge(finding, fine=False, undo=undo, said=said, state=state, as_json=as_json, config=config)


def judge(
    finding: str,
    *,
    fine: bool,
    undo: bool,
    said: dict[str, str],
    state: Path | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Keeps a person's word on a finding, here or in a running server, and says how it stands."""
    from cordon import shapes  # noqa: PLC0415
    from cordon.cli.handover import hand_verdicts, running  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    folder = folder_of(state)

    def word_in(store: "Store") -> "Verdict":
        return _word(store, finding, fine, undo, said)

    server = running(folder)
    if server is not None:
        with Store.open(folder) as store:
            word = word_in(store)
        hand_verdicts(server, [word])
    else:
        Store.open(folder).close()  # where nothing is recorded there is nothing to say
        word = _keep(folder, word_in, config)
    with Store.open(folder) as store:
        entry = shapes.verdict_entry(word, store.device_names([word.whose, word.device]))
    if as_json:
        print_json(shapes.plain(entry))
        return watching(as_json)
    _say(entry)
    return watching()


def _say(entry: "VerdictEntry") -> None:
    only = f", only {entry.about}" if entry.about else ""
    if entry.withdrawn:
        return say(f"Taken back: {entry.detector} for {entry.whose_name}{only}.")
    says = "is lived with" if entry.fine else "is not normal"
    return say(f"{entry.detector} {says} for {entry.whose_name}{only}, says {entry.owner}, until {entry.until}.")


def _keep(folder: Path, word_in: "Callable[[Store], Verdict]", config: Path | None) -> "Verdict":
    from cordon.cli.reading import pipeline_of  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.feed import tell  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    log_to_stderr()
    settings = load(folder, config)
    with Store.open(folder, write=True, what="cordon accept") as store:
        word = word_in(store)
        tell([word], pipeline_of(store, settings), store)
    return word


def _word(store: "Store", asked: str, fine: bool, undo: bool, said: dict[str, str]) -> "Verdict":
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.promises import AcceptError  # noqa: PLC0415
    from cordon.verdicts import judging, meant, standing_of, withdrawing  # noqa: PLC0415

    one = meant(store, asked)
    if one is None:
        raise AskedError(f"There is no finding {asked!r}; cordon findings lists them all.")
    wall = time.time_ns() // 1000
    try:
        if undo:
            return withdrawing(standing_of(store, one), one.id, said["who"], wall)
        return judging(store, one, fine=fine, wall=wall, **said)
    except AcceptError as error:
        raise AskedError(str(error)) from None


def verdicts(
    *,
    state: State = None,
    as_json: AsJson = False,
    all_: Annotated[bool, typer.Option("--all", help="Also what is over or was taken back, word by word.")] = False,
) -> None:
    """List what people said of findings and what holds: what is lived with, and what is not normal, until when.

    Examples: cordon verdicts · cordon verdicts --all · cordon verdicts --json
    """
    from cordon import shapes  # noqa: PLC0415
    from cordon.verdicts import now_of  # noqa: PLC0415

    with reading_of(state) as store:
        words = store.verdicts() if all_ else store.verdicts(at=now_of(store, 1))
        names = store.device_names(name for word in words for name in (word.whose, word.device))
    entries = [shapes.verdict_entry(word, names) for word in words]
    if as_json:
        print_json(shapes.plain(entries))
        return watching(as_json)
    if not entries:
        say("Nobody said of a finding that it is fine, or that it is not.")
        return watching()
    table(
        ("what", "for", "only", "says", "who", "until", "why", "finding"),
        [
            (word.detector, entry.whose_name, word.about or "any", _standing(word), word.owner, when(word.until),
             word.reason, word.finding)
            for word, entry in zip(words, entries, strict=True)
        ],
    )  # fmt: skip
    return watching()


def _standing(word: "Verdict") -> str:
    return "taken back" if word.withdrawn else "fine" if word.fine else "not normal"
