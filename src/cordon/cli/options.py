"""Options that many commands share, and what follows from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cordon.store import Store

State = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help="Folder of the state; yours by default.", envvar="CORDON_STATE"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs (docs/reference/json).")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings; cordon.toml in the state by default.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="Print at most so many.")]


def folder_of(state: Path | None, *, demo: bool = False) -> Path:
    """The folder meant by ``--state``: the one given, or the person's own."""
    if state is not None:
        return state
    from platformdirs import user_data_path  # noqa: PLC0415  # kept out of the start of every command

    return user_data_path("cordon", appauthor=False) / ("demo" if demo else "site")


def reading_of(state: Path | None) -> "Store":
    """The state, opened for reading.

    Raises:
        StateError: there is none, or it cannot be read.
    """
    from cordon.store import Store  # noqa: PLC0415  # brings the database along

    return Store.open(folder_of(state))
