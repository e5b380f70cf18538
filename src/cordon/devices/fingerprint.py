"""Fingerprints: what a value seen in traffic speaks for. They are data, read from `fingerprints/*.toml`.

An entry::

    [[fingerprint]]
    id = "mdns-hue-bridge"
    field = "mdns.service"                  # of SIGHTING_FIELDS, or "oui" (tidied vendor of the MAC prefix); or a list
    pattern = '^_hue\\._tcp'                 # Python regex, searched without regard to case; named groups
                                            # vendor, kind, model, os, firmware and name are said as found
    says = { vendor = "Signify", kind = "hub" }
    weight = { vendor = 900, kind = 850 }   # 0–1000, or one number for all
    source = "where the knowledge is from"
    examples = [{ value = "_hue._tcp", vendor = "Signify", kind = "hub" }]
    not = ["_hap._tcp"]

Many values that say as much each are rows of a table (`cordon.devices.lookup`).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import polars as pl

from cordon.devices.lookup import Table, read_table
from cordon.devices.names import clean
from cordon.devices.vendors import tidy
from cordon.model.kinds import KIND
from cordon.model.tables import SIGHTING_FIELDS

ATTRIBUTES: Final = ("vendor", "kind", "model", "os", "firmware")
_GROUPS: Final = frozenset({*ATTRIBUTES, "name"})
_REMEMBERED: Final = 20_000  # answers kept, of a few hundred bytes each
_KEYS: Final = frozenset({"id", "field", "pattern", "says", "weight", "source", "examples", "not"})


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One entry of a fingerprint file."""

    id: str
    fields: tuple[str, ...]
    pattern: re.Pattern[str]
    says: Mapping[str, str]
    weights: Mapping[str, int]
    source: str
    examples: tuple[Mapping[str, str], ...]
    nots: tuple[str, ...]

    @property
    def sieve(self) -> str:
        """A pattern that finds at least what this one finds, without names of groups and without looking ahead."""
        return _loose(self.pattern.pattern)

    def match(self, value: str) -> dict[str, str] | None:
        """What the value says, by attribute (and ``name``); None when the pattern does not occur in it."""
        found = self.pattern.search(value)
        if found is None:
            return None
        said = dict(self.says)
        for group, text in found.groupdict().items():
            if text and (text := clean(text)):
                said[group] = tidy(text) if group == "vendor" else text
        return said


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a value speaks for."""

    attribute: str
    value: str
    weight: int
    source: str  # fingerprint id


class Book:
    """All fingerprints, by the field they look at."""

    def __init__(self, fingerprints: Iterable[Fingerprint | Table]) -> None:
        self._by_field: dict[str, list[Fingerprint | Table]] = {}
        self._answers: dict[tuple[str, str], tuple[Said, ...]] = {}  # the same names come from many devices
        self._silent: frozenset[str] = frozenset()
        for fingerprint in fingerprints:
            for name in fingerprint.fields:
                self._by_field.setdefault(name, []).append(fingerprint)

    @property
    def fields(self) -> frozenset[str]:
        """The fields any fingerprint looks at."""
        return frozenset(self._by_field)

    @contextmanager
    def without(self, ids: Iterable[str]) -> Iterator[None]:
        """Meanwhile the fingerprints of these ids say nothing: to measure what hangs on them."""
        self._silent = frozenset(ids)
        self._answers.clear()
        try:
            yield
        finally:
            self._silent = frozenset()
            self._answers.clear()

    def sift(self, field: str, values: pl.Series) -> pl.Series:
        """Whether each value may speak for something: all patterns of the field at once, in one automaton.

        Those that cannot be told so (not ASCII, where the two kinds of patterns differ) may.
        """
        patterns = [one.sieve for one in self._by_field.get(field, ())]
        if not patterns:
            return pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)
        any_of_them = "(?i)" + "|".join(f"(?:{pattern})" for pattern in patterns)
        return values.str.contains(any_of_them) | (values.str.len_bytes() != values.str.len_chars())

    def look_up(self, field: str, value: str) -> tuple[Said, ...]:
        """Everything a value of that field speaks for, ``name`` included (weight 0)."""
        remembered = self._answers.get((field, value))
        if remembered is None:
            remembered = self._answers[(field, value)] = self._look_up(field, value)
            if len(self._answers) > _REMEMBERED:
                self._answers.clear()
        return remembered

    def _look_up(self, field: str, value: str) -> tuple[Said, ...]:
        said = []
        for fingerprint in self._by_field.get(field, ()):
            if fingerprint.id in self._silent:
                continue
            for attribute, text in (fingerprint.match(value) or {}).items():
                said.append(Said(attribute, text, fingerprint.weights.get(attribute, 0), fingerprint.id))
        return tuple(said)


def _loose(pattern: str) -> str:
    pattern = re.sub(r"\(\?P<\w+>", "(", pattern)
    while (start := pattern.find("(?!")) >= 0:
        depth, at, in_class = 0, start, False
        while True:
            sign = pattern[at]
            if sign == "\\":
                at += 1
            elif in_class or sign == "[":
                in_class = sign != "]"
            else:
                depth += (sign == "(") - (sign == ")")
            at += 1
            if depth == 0:
                break
        pattern = pattern[:start] + pattern[at:]
    return pattern


@cache
def shipped() -> tuple[Fingerprint, ...]:
    """The fingerprints that come with Cordon, in the order of their files and entries.

    Raises:
        ValueError: an entry is not valid; the message names its file and id.
    """
    folder = resources.files("cordon.devices") / "fingerprints"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(parse_all((file.name, file.read_text(encoding="utf-8")) for file in files))


@cache
def tables() -> tuple[Table, ...]:
    """The tables of fingerprints that come with Cordon.

    Raises:
        ValueError: an entry or a row is not valid; the message names its file, and the line or the id.
    """
    folder = resources.files("cordon.devices") / "fingerprints" / "tables"
    found: list[Table] = []
    for entry in tomllib.loads((folder / "tables.toml").read_text(encoding="utf-8"))["table"]:
        try:
            text = (folder / str(entry.get("rows", ""))).read_text(encoding="utf-8")
            found += read_table(entry, text, ATTRIBUTES)
        except (ValueError, OSError) as error:
            raise ValueError(f"tables.toml, table {entry.get('id', '?')}: {error}") from None
    return tuple(found)


@cache
def book() -> Book:
    """The shipped fingerprints, ready to look values up."""
    return Book((*shipped(), *tables()))


def parse_all(files: Iterable[tuple[str, str]]) -> Iterator[Fingerprint]:
    """Fingerprints of files given as (name, text).

    Raises:
        ValueError: a file or entry is not valid, or two have the same id; the message names file and entry.
    """
    ids: set[str] = set()
    for name, text in files:
        try:
            entries = tomllib.loads(text).get("fingerprint", [])
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{name}: {error}") from None
        for at, entry in enumerate(entries, 1):
            place = f"{name}, fingerprint {entry.get('id', f'number {at}')}"
            try:
                fingerprint = _parse(entry)
            except (ValueError, TypeError, AttributeError) as error:
                raise ValueError(f"{place}: {error}") from None
            if fingerprint.id in ids:
                raise ValueError(f"{place}: another one has this id; choose a different one")
            ids.add(fingerprint.id)
            yield fingerprint


def _parse(entry: Mapping[str, Any]) -> Fingerprint:
    if missing := sorted(_KEYS - {"says", "not"} - set(entry)):
        raise ValueError(f"{missing[0]} is missing")
    if unknown := sorted(set(entry) - _KEYS):
        raise ValueError(f"unknown key {unknown[0]}")
    fields = (entry["field"],) if isinstance(entry["field"], str) else tuple(entry["field"])
    for name in fields:
        if name != "oui" and name not in SIGHTING_FIELDS:
            raise ValueError(f"{name!r} is no sighting field")
    try:
        pattern = re.compile(entry["pattern"], re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"pattern: {error}") from None
    if odd := sorted(set(pattern.groupindex) - _GROUPS):
        raise ValueError(f"pattern has a group {odd[0]}; only {', '.join(sorted(_GROUPS))} mean anything")
    says: dict[str, str] = dict(entry.get("says", {}))
    if odd := sorted(set(says) - set(ATTRIBUTES)):
        raise ValueError(f"says {odd[0]}, which is no attribute")
    if "kind" in says and says["kind"] not in KIND:
        raise ValueError(f"{says['kind']!r} is no kind")
    if not says and not pattern.groupindex:
        raise ValueError("it says nothing")
    spoken = [*says, *(group for group in pattern.groupindex if group != "name" and group not in says)]
    if not entry["examples"]:
        raise ValueError("it needs an example")
    return Fingerprint(
        id=entry["id"],
        fields=fields,
        pattern=pattern,
        says=says,
        weights=_weights(entry["weight"], spoken),
        source=entry["source"],
        examples=tuple(entry["examples"]),
        nots=tuple(entry.get("not", ())),
    )


def _weights(weight: int | Mapping[str, int], spoken: list[str]) -> dict[str, int]:
    weights = dict.fromkeys(spoken, weight) if isinstance(weight, int) else dict(weight)
    for attribute in spoken:
        if attribute not in weights:
            raise ValueError(f"weight for {attribute} is missing")
        if not 0 < weights[attribute] <= 1000:
            raise ValueError(f"weight for {attribute} is {weights[attribute]}; it must be 1 to 1000")
    return weights
