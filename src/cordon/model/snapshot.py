"""States of stages, kept in a folder: one codec derived from their fields, as for facts.

A state is a dataclass. Its frames are saved as Arrow IPC files named for their fields; everything else goes
through `cordon.model.codec` into one JSON file. A snapshot is written beside the old one and put in its place
by a rename, so a crash leaves either the old or the new. A state whose fields changed since a release has a static
method `upgraded` that makes the plain values of an older one those of today; frames it lacks begin empty.
"""

import dataclasses
import json
import shutil
import typing
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from cordon.model.codec import decode_as, encode

State = TypeVar("State")


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
            plain[field.name] = encode(value)
    (fresh / "state.json").write_text(json.dumps(plain, sort_keys=True), encoding="utf-8")
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
    plain = json.loads((source / "state.json").read_text(encoding="utf-8"))
    values: dict[str, Any] = {}
    if (upgraded := getattr(kind, "upgraded", None)) is not None:
        plain = upgraded(plain)
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]  # any dataclass type
        hint = hints[field.name]
        if hint is pl.DataFrame:
            frame = source / f"{field.name}.arrow"
            if frame.exists() or field.default_factory is dataclasses.MISSING:
                values[field.name] = pl.read_ipc(frame)
        elif field.name in plain:
            values[field.name] = decode_as(hint, plain[field.name], f"{source.name}.{field.name}")
    return kind(**values)
