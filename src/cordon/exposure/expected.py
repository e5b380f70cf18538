"""What a kind of device is expected to do: the written baseline of its services, protocols, time and logging.

The shipped one is `data/expected.toml`; what the settings say of a kind takes its place, field by field.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cordon.model.kinds import KIND

ANY: Final = "any"
"""The entry that holds for all kinds that have one."""
FIELDS: Final = frozenset({"services", "protocols", "time", "logging", "strict"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What one kind is expected to do; names of services are those of `flows.service`, or a TCP port in decimals."""

    services: frozenset[str] = frozenset()
    protocols: frozenset[str] = frozenset()
    time: bool = False
    logging: bool = False
    strict: bool = False  # what has no name here is judged too


@dataclass(frozen=True, slots=True)
class Exemption:
    """One thing that a device may do beside its baseline, until a time (µs).

    `device` is its id, or a MAC or IP address of it; `what` a service, a protocol, "time" or "logging".
    """

    device: str
    what: str
    until: int
    owner: str = ""
    reason: str = ""


class Book:
    """All baselines and exemptions of a site."""

    def __init__(self, kinds: Mapping[str, Expected], exemptions: Iterable[Exemption] = ()) -> None:
        self.kinds = dict(kinds)
        self._exempt: dict[tuple[str, str], int] = {}
        for one in exemptions:
            key = one.device.lower(), one.what.lower()
            self._exempt[key] = max(one.until, self._exempt.get(key, 0))

    def of(self, kind: str) -> Expected | None:
        """The baseline of a kind; None where nothing is written of it."""
        return self.kinds.get(kind) if kind != ANY else None

    def exempts(self, names: Iterable[str], what: str, time: int) -> bool:
        """Whether a device, by any of its names, may do that at a time (µs)."""
        return bool(self._exempt) and any(time < self._exempt.get((name.lower(), what), 0) for name in names)


@cache
def shipped() -> Mapping[str, Expected]:
    """The baselines that come with Cordon, by kind; what holds for all is in each."""
    text = files("cordon.exposure.data").joinpath("expected.toml").read_text(encoding="utf-8")
    found: dict[str, Expected] = {}
    for entry in tomllib.loads(text)["expected"]:
        kinds = entry.pop("kinds")
        found |= {kind: _changed(found.get(ANY, Expected()), entry, kind, adding=True) for kind in kinds}
    return found


def book_of(said: Mapping[str, Mapping[str, Any]], exemptions: Iterable[Exemption] = ()) -> Book:
    """The shipped baselines with what the settings say of kinds.

    Raises:
        ValueError: there is no such kind or field.
    """
    found = dict(shipped())
    common = _changed(found[ANY], said.get(ANY, {}), ANY)
    for kind, entry in said.items():
        if kind != ANY and kind not in KIND:
            raise ValueError(f"there is no kind {kind}; cordon expected lists those that have one")
        found[kind] = _changed(found.get(kind, common), entry, kind)
    return Book(found, exemptions)


def _changed(base: Expected, entry: Mapping[str, Any], kind: str, *, adding: bool = False) -> Expected:
    if unknown := sorted(set(entry) - FIELDS):
        raise ValueError(f"expected.{kind} has no {unknown[0]}; it has {', '.join(sorted(FIELDS))}")
    values: dict[str, Any] = {}
    for name, value in entry.items():
        if name in {"services", "protocols"}:
            words = frozenset(str(one).lower() for one in value)
            values[name] = words | getattr(base, name) if adding else words
        else:
            values[name] = bool(value)
    return replace(base, **values)


def written(kinds: Mapping[str, Expected]) -> str:
    """Baselines as they are written below [expected.KIND] in the settings."""
    parts = []
    for kind, one in sorted(kinds.items()):
        lines = [f"[expected.{kind}]"]
        lines += [f"{name} = {_listed(getattr(one, name))}" for name in ("services", "protocols")]
        lines += [f"{name} = {str(getattr(one, name)).lower()}" for name in ("time", "logging", "strict")]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _listed(words: frozenset[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in sorted(words)) + "]"
