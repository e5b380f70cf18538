"""Keeps what a person says of devices, exposures or findings: through the Cordon that is running, else here."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cordon.cli.output import log_to_stderr

if TYPE_CHECKING:
    from cordon.model.exposure import Word
    from cordon.store import Store

Said = TypeVar("Said", bound="Word")


def keep(
    folder: Path, words: "Callable[[Store], list[Said]]", *, to: str, what: str, config: Path | None
) -> "list[Said]":
    """Keeps the words that `words` makes of the record, and lets the stages know of them.

    Args:
        folder: of the state.
        words: makes them, of the record as it is then.
        to: where a running server takes such words in.
        what: the command, which holds the state meanwhile.
        config: settings; those of the state by default.

    Raises:
        AskedError: the server refuses; or what `words` raises.
    """
    from cordon.cli.handover import hand_words, running  # noqa: PLC0415
    from cordon.cli.reading import pipeline_of  # noqa: PLC0415
    from cordon.config import load  # noqa: PLC0415
    from cordon.feed import tell  # noqa: PLC0415
    from cordon.store import Store  # noqa: PLC0415

    server = running(folder)
    if server is not None:
        with Store.open(folder) as store:
            said = words(store)
        hand_words(server, to, said)
        return said
    Store.open(folder).close()  # where nothing is recorded there is nothing to speak of
    log_to_stderr()
    settings = load(folder, config)
    with Store.open(folder, write=True, what=what) as store:
        said = words(store)
        tell(said, pipeline_of(store, settings), store)
    return said
