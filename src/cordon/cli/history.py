"""What people said of a device, and how it changed: the part of ``show`` that is theirs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cordon.cli.output import say, when

if TYPE_CHECKING:
    from cordon.model.edit import Edit
    from cordon.store import DeviceView, Question, Version

MOST: Final = 20
"""Changes that are printed; --json prints all."""


def show_people(
    view: "DeviceView",
    edits: "Sequence[Edit]",
    versions: "Sequence[Version]",
    questions: "Sequence[tuple[Question, str]]",
) -> None:
    """Prints what people filled in, what they are asked, what imports say, and every change, newest first."""
    from cordon.model.edit import OWNERS  # noqa: PLC0415

    if view.known == "import":
        say("Known from an import, never seen.")
    for name in OWNERS:
        if value := view.said(name):
            say(f"  {name:12}{value}")
    for source, time in sorted({(one.source, one.time) for one in view.heard.values()}):
        fields = ", ".join(sorted(one.field for one in view.heard.values() if one.source == source))
        say(f"  from {source}, {when(time)}: {fields}")
    for question, like in questions:
        say(f"Somebody called {like}, which looks the same, a {question.value}: is it one? Then say so:")
        say(f"  cordon correct {question.device} --{question.field} '{question.value}'")
    changes = [(edit.time, _said(edit)) for edit in edits]
    if changes:
        say()
        say("What people said", style="bold")
        for time, line in sorted(changes, reverse=True)[:MOST]:
            say(f"  {when(time)}  {line}")
        if len(changes) > MOST:
            say(f"  and {len(changes) - MOST} more: --json prints all")
    if len(versions) > len({version.field for version in versions}):
        say()
        say("Versions, as they were found", style="bold")
        for version in reversed(versions):
            say(f"  {when(version.time)}  {version.field} {version.value}")


def _said(edit: "Edit") -> str:
    what = f"{edit.field} is not said any more" if edit.withdrawn else f"{edit.field}: {edit.value}"
    return f"{what} ({edit.who}{f', {edit.why}' if edit.why else ''})"
