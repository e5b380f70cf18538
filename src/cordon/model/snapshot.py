"""States of stages, kept in a folder.

A state is a dataclass. Its frames are saved as Arrow IPC files named for their fields; everything else goes into one
MessagePack file, by the types of the fields. A snapshot is written beside the old one and put in its place by a
rename, so a crash leaves either the old or the new. Before version 0.2 the file was JSON, by `cordon.model.codec`; a
state whose fields changed since then has a static method `upgraded` that makes the plain values of an older one those
of today.
"""

import dataclasses
import json
import shutil
import typing
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import polars as pl

from cordon.model.codec import decode_as

State = TypeVar("State")

FILE: Final = "state.msgpack"
OLD_FILE: Final = "state.json"


def save(state: object, folder: Path) -> None:
    """Writes the state; `folder` is replaced as a whole."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    plain: dict[str, Any] = {}
    for field in dataclasses.fields(state):  # type: ignore[arg-type]  # any dataclass instance
        value = getattr(state, field.name)
        if isinstance(value, pl.DataFrame):
            value.write_ipc(fresh / f"{field.name}.arrow", compression="zstd")
        else:
            plain[field.name] = value
    (fresh / FILE).write_bytes(msgspec.msgpack.encode(plain, order="deterministic"))
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def load(kind: type[State], folder: Path) -> State:
    """The state saved in `folder`, or a new one where nothing was saved.

    Raises:
        ValueError: what is there is not such a state; the message names the place.
    """
    old = folder.with_name(folder.name + ".old")
    source = folder if folder.exists() else old
    if not source.exists():
        return kind()
    values = _values(kind, source) if (source / FILE).exists() else _old_values(kind, source)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]  # any dataclass type
        path = source / f"{field.name}.arrow"
        if field.name not in values and path.exists():
            values[field.name] = pl.read_ipc(path)
    return kind(**values)


def _values(kind: type[Any], source: Path) -> dict[str, Any]:
    """The fields of `kind` but its frames."""
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    place = source.name
    try:
        for name, raw in msgspec.msgpack.decode((source / FILE).read_bytes(), type=dict[str, msgspec.Raw]).items():
            if name in hints:
                place = f"{source.name}.{name}"
                values[name] = msgspec.msgpack.decode(raw, type=hints[name])
    except msgspec.MsgspecError as error:
        raise ValueError(f"{place}: {error}") from None
    return values


def _old_values(kind: type[Any], source: Path) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    plain = json.loads((source / OLD_FILE).read_text(encoding="utf-8"))
    if (upgraded := getattr(kind, "upgraded", None)) is not None:
        plain = upgraded(plain)
    return {
        name: decode_as(hint, plain[name], f"{source.name}.{name}")
        for name, hint in hints.items()
        if name in plain and hint is not pl.DataFrame
    }
