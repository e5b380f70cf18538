"""States of stages, kept in a folder.

A state is a dataclass. Its frames, and those of dataclasses in it, are saved as Arrow IPC files named for their fields;
everything else goes into one MessagePack file, by the types of the fields. A snapshot is written beside the old one and
put in its place by a rename, so a crash leaves either the old or the new. Before version 0.2 the file was JSON, by
`cordon.model.codec`; a state whose fields changed since then has a static method `upgraded` that makes the plain values
of an older one those of today. Frames that an older one lacks begin empty, columns that are no longer known are left
out.
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
        plain |= _written(field.name, value, fresh)
    (fresh / FILE).write_bytes(msgspec.msgpack.encode(plain, order="deterministic"))
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _written(name: str, value: object, folder: Path) -> dict[str, Any]:
    """Writes the frames of a field; the plain values that are left, by their names."""
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
    values = _values(kind, source) if (source / FILE).exists() else _old_values(kind, source)
    return typing.cast(State, _built(kind, source, values, ""))


def _plain_fields(kind: Any, prefix: str = "") -> dict[str, Any]:
    """The types of all fields but frames by the names under which they are saved."""
    found: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(kind).items():
        if _has_frames(hint):
            found |= _plain_fields(hint, f"{prefix}{name}.")
        elif hint is not pl.DataFrame:
            found[f"{prefix}{name}"] = hint
    return found


def _values(kind: type[Any], source: Path) -> dict[str, Any]:
    """The fields of `kind` but its frames."""
    hints = _plain_fields(kind)
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
    plain = json.loads((source / OLD_FILE).read_text(encoding="utf-8"))
    if (upgraded := getattr(kind, "upgraded", None)) is not None:
        plain = upgraded(plain)
    return {
        name: decode_as(hint, plain[name], f"{source.name}.{name}")
        for name, hint in _plain_fields(kind).items()
        if name in plain
    }


def _built(kind: Any, source: Path, values: dict[str, Any], prefix: str) -> Any:
    """The dataclass of what was saved; what was not stays as it begins."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        hint, name = typing.get_type_hints(kind)[field.name], f"{prefix}{field.name}"
        if hint is pl.DataFrame:
            if (path := source / f"{name}.arrow").exists():
                found[field.name] = _known(pl.read_ipc(path), field)
        elif _has_frames(hint):
            found[field.name] = _built(hint, source, values, f"{name}.")
        elif name in values:
            found[field.name] = values[name]
    return kind(**found)


def _known(frame: pl.DataFrame, field: "dataclasses.Field[Any]") -> pl.DataFrame:
    """The frame without columns that the state does not begin with."""
    if field.default_factory is dataclasses.MISSING:
        return frame
    columns = field.default_factory().columns
    return frame.select(columns) if set(columns) < set(frame.columns) else frame
