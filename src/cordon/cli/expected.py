"""The written baseline of each kind of device: ``expected``."""

from pathlib import Path
from typing import Annotated

import typer

from cordon.cli.options import AsJson, ConfigFile, State, folder_of
from cordon.cli.output import print_json, say


def expected(
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="Only of this kind, such as camera.")] = "",
    *,
    state: State = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Print what is expected of each kind of device, as it is written in cordon.toml: yours over the shipped.

    Examples: cordon expected camera · cordon expected camera >> cordon.toml · cordon expected --json
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.config import ConfigError, load  # noqa: PLC0415
    from cordon.exposure.expected import written  # noqa: PLC0415
    from cordon.pipeline import expected_of  # noqa: PLC0415
    from cordon.shapes import expected_entry, plain  # noqa: PLC0415

    try:
        book = expected_of(load(_folder(state), config)).kinds
    except ConfigError:
        raise
    except ValueError as error:
        raise ConfigError(f"A setting does not fit: {error}.") from None
    if kind and kind not in book:
        raise AskedError(f"No baseline is written for {kind!r}; there are some for {', '.join(sorted(book))}.")
    shown = {name: one for name, one in sorted(book.items()) if not kind or name == kind}
    if as_json:
        return print_json(plain([expected_entry(name, one) for name, one in shown.items()]))
    for line in written(shown).splitlines():
        say(line)
    return None


def _folder(state: Path | None) -> Path | None:
    """The folder of the state, where there is one yet."""
    folder = folder_of(state)
    return folder if folder.is_dir() else None
