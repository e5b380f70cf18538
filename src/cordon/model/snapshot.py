"""States of stages, kept in a folder.

A state is a dataclass. Its frames, and those of dataclasses in it, are saved as Arrow IPC files named for their fields;
everything else goes into one MessagePack file, by the types of the fields. A snapshot is written beside the old one and
put in its place by a rename, so a crash leaves either the old or the new.

Before version 0.2 the file was JSON, by `cordon.model.codec`; a state whose fields changed since then has a static
method `upgraded` that makes the plain values of an older one those of today. Frames that an older one lacks begin
empty, columns that are no longer known are left out.
"""

import dataclasses
import json
import shutil
import typing
from collections.abc import Callable
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
        plain |= _written(field.name, getattr(state, field.name), fresh)
    (fresh / FILE).write_bytes(msgspec.msgpack.encode(plain, order="deterministic"))
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _written(name: str, value: object, folder: Path) -> dict[str, Any]:
    """Writes the frames of a field; what is left of it, by names."""
    if isinstance(value, pl.DataFrame):
        value.write_ipc(folder / f"{name}.arrow", compression="zstd")
        return {}
    if not _has_frames(type(value)):
        return {name: value}
    left: dict[str, Any] = {}
    for field in dataclasses.fields(value):  # type: ignore[arg-type]  # it is a dataclass instance
        left |= _written(f"{name}.{field.name}", getattr(value, field.name), folder)
    return left


def _has_frames(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) and pl.DataFrame in typing.get_type_hints(kind).values()


def load(kind: type[State], folder: Path) -> State:
    """The state saved in `folder`, or a new one where nothing was saved.

    Raises:
        ValueError: what is there is not such a state; the message names the place.
    """
    old = folder.with_name(folder.name + ".old")
    source = folder if folder.exists() else old
    if not source.exists():
        return kind()
    saved, decode = _saved(source) if (source / FILE).exists() else _saved_before(kind, source)
    return _read(kind, source, saved, decode, "")


Decode = Callable[[Any, Any, str], Any]
"""A saved value as the type it is of; the place is for the message of a `ValueError`."""


def _saved(source: Path) -> tuple[dict[str, Any], Decode]:
    try:
        return msgspec.msgpack.decode((source / FILE).read_bytes(), type=dict[str, msgspec.Raw]), _decoded
    except msgspec.MsgspecError as error:
        raise ValueError(f"{source.name}: {error}") from None


def _decoded(hint: Any, raw: msgspec.Raw, place: str) -> Any:
    try:
        return msgspec.msgpack.decode(raw, type=hint)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{place}: {error}") from None


def _saved_before(kind: type[Any], source: Path) -> tuple[dict[str, Any], Decode]:
    plain = json.loads((source / OLD_FILE).read_text(encoding="utf-8"))
    upgraded = getattr(kind, "upgraded", None)
    return plain if upgraded is None else upgraded(plain), decode_as


def _read(kind: type[State], source: Path, saved: dict[str, Any], decode: Decode, prefix: str) -> State:
    """The dataclass whose fields were saved under names with that prefix; those that were not stay as they begin."""
    values: dict[str, Any] = {}
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]  # any dataclass type
        hint, name = hints[field.name], f"{prefix}{field.name}"
        if hint is pl.DataFrame:
            file = source / f"{name}.arrow"
            begins = field.default_factory() if field.default_factory is not dataclasses.MISSING else None
            if begins is None:
                values[field.name] = pl.read_ipc(file)
            elif file.exists():
                frame = pl.read_ipc(file)
                known = set(begins.columns) <= set(frame.columns)
                values[field.name] = frame.select(begins.columns) if known else frame
        elif _has_frames(hint):
            values[field.name] = _read(hint, source, saved, decode, f"{name}.")
        elif name in saved:
            values[field.name] = decode(hint, saved[name], f"{source.name}.{name}")
    return kind(**values)
