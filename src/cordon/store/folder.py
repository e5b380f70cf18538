"""What a state folder is: its mark (`state.toml`), its version, and its secret key."""

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cordon.store.errors import NoStateError, StateError

FORMAT: Final = 1
"""Version of the folder's layout; the record within has revisions of its own."""

OURS: Final = frozenset(
    {
        "cordon.toml",
        "server.json",
        "writer.lock",
        "secret.key",
        "history",
        "stages",
        "uploads",
        "logs",
        "feeds",
        "rules",
    }
)
"""What may stand in a folder that is not a state yet."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What `state.toml` says."""

    format: int
    kind: str  # real, demo


def read_mark(folder: Path) -> Mark | None:
    """The mark of a state folder; None where there is none.

    Raises:
        StateError: the mark is damaged, or from a newer version.
    """
    path = folder / "state.toml"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        mark = Mark(int(told["format"]), str(told["kind"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(f"{path} cannot be read ({error}); it marks the folder as a state of Cordon.") from None
    if mark.format > FORMAT:
        raise StateError(
            f"{folder} was written by a newer Cordon (format {mark.format}, this one knows {FORMAT}); "
            "use that version, or another folder with --state."
        )
    return mark


def check_readable(folder: Path) -> Mark:
    """The mark of a folder that is to be read.

    Raises:
        NoStateError: nothing is recorded there.
        StateError: it is no folder, or damaged, or from a newer version.
    """
    if folder.exists() and not folder.is_dir():
        raise StateError(f"{folder} is a file, not a folder; give the folder of a state with --state.")
    try:
        mark, recorded = read_mark(folder), (folder / "record.sqlite").is_file()
    except PermissionError:
        raise StateError(f"{folder} may not be read by you; choose another folder with --state.") from None
    if mark is None or not recorded:
        raise NoStateError(f"Nothing is recorded in {folder} yet; read a capture first: cordon read FILE.")
    return mark


def prepare(folder: Path) -> None:
    """Makes sure that a folder can become, or is, a state that may be written.

    Raises:
        StateError: it is no folder, holds other things, is from a newer version, or may not be written.
    """
    if folder.exists() and not folder.is_dir():
        raise StateError(f"{folder} is a file, not a folder; give a folder with --state.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted(entry.name for entry in folder.iterdir() if entry.name not in OURS)
    except OSError as error:
        raise StateError(
            f"{folder} cannot be used ({error.strerror}); choose another folder with --state, or make it yours."
        ) from None
    if read_mark(folder) is None and others:
        raise StateError(
            f"{folder} is no state of Cordon: it holds {others[0]}; choose an empty or new folder with --state."
        )
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        raise StateError(
            f"{folder} may not be written to by you; choose another folder with --state, or make it yours."
        )


def mark(folder: Path, demo: bool) -> Mark:
    """The mark of a folder that is being written; it is made where there is none.

    Raises:
        StateError: a demo and a real site would mix.
    """
    kind = "demo" if demo else "real"
    found = read_mark(folder)
    if found is None:
        (folder / "state.toml").write_text(
            f'# This folder is a state of Cordon; change nothing in it.\nformat = {FORMAT}\nkind = "{kind}"\n',
            encoding="utf-8",
        )
        return Mark(FORMAT, kind)
    if found.kind != kind:
        raise StateError(
            f"{folder} holds a {found.kind} site and cannot take {'the demo' if demo else 'real traffic'}; "
            "use another folder with --state."
        )
    return found


def secret_key(folder: Path) -> bytes:
    """The 32 bytes with which secrets seen on the wire are hashed; made at first use, readable to its owner only.

    Raises:
        StateError: the key cannot be read, or is no key.
    """
    path = folder / "secret.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    except OSError as error:
        raise StateError(f"{path} cannot be written ({error.strerror}); make the folder yours.") from None
    try:
        key = path.read_bytes()
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror}); make the file yours.") from None
    if len(key) != 32:
        raise StateError(f"{path} is no key of 32 bytes; restore it from a copy of the state.")
    return key
