"""Printing: for people with rich, for programs as JSON; nothing from the wire reaches the terminal unescaped."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import Console

WATCHING: Final = "Watching only: nothing on your network is changed."
UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that can move the cursor, turn the direction of writing, or hide."""


def clean(text: object) -> str:
    """The text without what could steer a terminal; what was there shows as �."""
    return "".join("�" if unicodedata.category(char) in UNSAFE else char for char in str(text))


def out() -> "Console":
    """Where answers go; wide where it is no terminal, so that a table piped on is not cut."""
    from rich.console import Console  # noqa: PLC0415  # JSON does without

    return Console(markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160)


def err() -> "Console":
    """Where everything else goes."""
    from rich.console import Console  # noqa: PLC0415  # see above

    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    """One line of an answer."""
    from rich.text import Text  # noqa: PLC0415  # see above

    out().print(Text(clean(text), style=style), soft_wrap=True)


def note(text: str) -> None:
    """One line beside the answer."""
    from rich.text import Text  # noqa: PLC0415  # see above

    err().print(Text(clean(text)))


def complain(text: str) -> None:
    """What went wrong, in one sentence."""
    from rich.text import Text  # noqa: PLC0415  # see above

    err().print(Text(clean(text)))


def log_to_stderr() -> None:
    """Logs are no answers: structlog would write them between what is printed for programs."""
    import structlog  # noqa: PLC0415  # only commands that work need it

    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    timed = structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False)
    structlog.configure(
        processors=[structlog.processors.add_log_level, timed, plain],  # no values of variables: they are of devices
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[str] = ()) -> None:
    """A table; the columns named in `right` hold numbers."""
    from rich.table import Table  # noqa: PLC0415  # see above
    from rich.text import Text  # noqa: PLC0415  # see above

    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    out().print(drawn)


def print_json(value: Any) -> None:
    """One JSON value; all but ASCII is escaped, so that a terminal it is shown in cannot be steered."""
    sys.stdout.write(json.dumps(value, indent=2, allow_nan=False) + "\n")
    sys.stdout.flush()


def print_json_line(value: Any) -> None:
    """One JSON value on one line, at once; escaped as `print_json` does."""
    sys.stdout.write(json.dumps(value, allow_nan=False) + "\n")
    sys.stdout.flush()


def watching(as_json: bool = False) -> None:
    """What Cordon may do: beside the answer when the answer is for programs."""
    note(WATCHING) if as_json else say(WATCHING, style="dim")


def when(time: int) -> str:
    """A time in µs as people read it, UTC."""
    return datetime.fromtimestamp(time // 1_000_000, UTC).strftime("%-d %b %Y %H:%M") if time else "–"


def moment(time: int) -> str:
    """As `when`, to the millisecond: for rows."""
    return f"{when(time)}:{time // 1_000_000 % 60:02d}.{time // 1000 % 1000:03d}" if time else "–"


def size(count: int) -> str:
    """A number of bytes as people read it."""
    value, units = float(count), ("B", "kB", "MB", "GB", "TB")
    for unit in units:
        if value < 1000 or unit == units[-1]:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return str(count)


def many(count: int, one: str, more: str = "") -> str:
    """A count with its noun: 1 device, 2 devices, 12,000 packets."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def score(tenths: int) -> str:
    """A score in tenths with its one decimal."""
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
