"""What people say of findings: ``reject``, ``verdicts``, and ``accept`` where it is of a finding."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.keeping import keep
from cordon.cli.options import AsJson, ConfigFile, State, folder_of, reading_of
from cordon.cli.output import print_json, say, table, watching, when

if TYPE_CHECKING:
    from cordon.model.verdict import Verdict
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
    from cordon.store import Store  # noqa: PLC0415

    folder = folder_of(state)
    (word,) = keep(
        folder,
        lambda store: [_word(store, finding, fine, undo, said)],
        to="/api/verdicts",
        what=f"cordon {'accept' if fine else 'reject'}",
        config=config,
    )
    with Store.open(folder) as store:
        names = store.device_names([word.whose, word.device, word.about])
    if as_json:
        print_json(shapes.plain(shapes.verdict_entry(word, names)))
        return watching(as_json)
    _say(word, names)
    return watching()


def _say(word: "Verdict", names: dict[str, str]) -> None:
    from cordon.verdicts import scope_says  # noqa: PLC0415

    only = f", only with {names.get(word.about, word.about)}" if word.about else ""
    what = f"{word.detector} of {scope_says(word, names)}{only}"
    if word.withdrawn:
        return say(f"Taken back: {what}.")
    says = "is fine" if word.fine else "is not normal"
    return say(f"{what} {says} until {when(word.until)} UTC; {word.owner} answers for it.")


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
        names = store.device_names(name for word in words for name in (word.whose, word.device, word.about))
    entries = [shapes.verdict_entry(word, names) for word in words]
    if as_json:
        print_json(shapes.plain(entries))
        return watching(as_json)
    if not entries:
        say("Nobody said of a finding that it is fine, or that it is not.")
        return watching()
    rows = []
    for word, entry in zip(words, entries, strict=True):
        about = names.get(word.about, word.about) or "any"
        what = (word.detector, entry.whose_name, about, _standing(word), word.owner)
        rows.append((*what, when(word.until), word.reason, word.finding))
    table(("what", "for", "only with", "says", "who", "until", "why", "finding"), rows)
    return watching()


def _standing(word: "Verdict") -> str:
    return "taken back" if word.withdrawn else "fine" if word.fine else "not normal"
