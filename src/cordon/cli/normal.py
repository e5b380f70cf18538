"""What is normal for a device: ``baseline``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordon.cli.asking import Which, found
from cordon.cli.options import AsJson, State, reading_of
from cordon.cli.output import many, note, print_json, say, size, table, watching, when

if TYPE_CHECKING:
    from cordon.model.baseline import Baseline


def baseline(
    device: Which,
    *,
    state: State = None,
    as_json: AsJson = False,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write it to a file, as --json prints it.")
    ] = None,
) -> None:
    """Show what was learned to be normal for one device: whom it talks to and how often, and how much it says when.

    It is learned by the hour, and told anew when it has grown: after 1, 2, 3, 6, 12 hours, then once a day.

    Examples: cordon baseline lobby-camera · cordon baseline 10.0.0.7 --json · cordon baseline pump --export pump.json
    """
    from cordon import shapes  # noqa: PLC0415
    from cordon.shapes import normal  # noqa: PLC0415

    with reading_of(state) as store:
        view = found(store, device)
        learned = store.baseline(view.device.id)
        names = store.device_names(normal.peers_of(learned))
    entry = shapes.plain(normal.normal_entry(view.device.id, view.device.name, learned, names))
    if export is not None:
        _write(export, json.dumps(entry, indent=2) + "\n")
        note(f"Written to {export}.")
    if as_json:
        print_json(entry)
        return watching(as_json)
    if export is None:
        _show(view.device.name, learned, names)
    return watching(export is not None)


def _write(file: Path, text: str) -> None:
    from cordon.cli.asked import AskedError  # noqa: PLC0415

    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AskedError(f"{file} cannot be written ({error.strerror}); give another file.") from None


def _show(name: str, learned: "Baseline | None", names: dict[str, str]) -> None:
    from cordon.shapes import normal  # noqa: PLC0415

    say(name, style="bold")
    for line in normal.says(learned):
        say(f"  {line}")
    if learned is None:
        return
    say()
    like = f" · {normal.kin_says(learned)}" if learned.kin else ""
    say(
        f"Learned from {many(learned.hours, 'hour')} since {when(learned.since)}, as of {when(learned.time)} UTC · "
        f"{learned.confidence // 10} % sure{like}"
    )
    say()
    rows = []
    for habit in sorted(learned.habits, key=lambda one: (list(normal.KINDS).index(one.what), -one.expected)):
        values = f" · {habit.low} to {habit.high}" if habit.low else ""
        rhythm = f"every {normal.rhythm_says(habit.period)}" if habit.period else ""
        seen = when(habit.last) if habit.days else f"{many(habit.kin, 'other')} of its kind"
        what = names.get(habit.key, habit.key) + values
        rows.append((normal.KINDS[habit.what][0], what, f"{habit.expected // 10} %", rhythm, habit.days or "", seen))
    table(("what", "which", "expected", "rhythm", "days", "last"), rows, right=("expected", "days"))
    say()
    _show_measures(learned)


def _show_measures(learned: "Baseline") -> None:
    """Quantiles in all, and of those hours of the day that were learned."""
    from cordon.shapes import normal  # noqa: PLC0415

    plain = [
        (normal.MEASURED[one.what], *(_of(one.what, value) for value in (one.low, one.mid, one.high)))
        for one in normal.overall(learned)
    ]
    if plain:
        table(("how much", "5 %", "half", "95 %"), plain, right=("5 %", "half", "95 %"))
    by_hour: dict[int, dict[str, str]] = {}
    for one in learned.measures:
        if one.hour >= 0:
            by_hour.setdefault(one.hour, {})[one.what] = f"{size(one.low)} – {size(one.high)}"
    if by_hour:
        say()
        rows = [
            (f"{hour:02d}:00", said.get("bytes sent", ""), said.get("bytes got", ""))
            for hour, said in sorted(by_hour.items())
        ]
        table(("hour (UTC)", "sends", "gets"), rows, right=("sends", "gets"))


def _of(what: str, value: int) -> str:
    return size(value) if what.partition(" ")[2] else f"{value:,}"
