"""The progress bar, on stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cordon.cli.output import clean, err


@contextmanager
def shown(what: str) -> "Iterator[Callable[[float, float], None]]":
    """A bar that is told (done, all); it goes when the block ends. Silent where stderr is no terminal."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = err()
    columns = (TextColumn(clean(what)), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
