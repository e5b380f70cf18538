"""What makers no longer repair: products by how they present themselves, the day support ended, and the source."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

FIELDS: Final = ("http.server", "http.realm", "upnp.model", "smb.system", "ssh.banner")
"""Sightings that name products and their versions."""
KEYS: Final = frozenset({"field", "pattern", "product", "ended", "source", "examples", "not"})


@dataclass(frozen=True, slots=True)
class Ending:
    """One product or version whose support ended at the latest on a day."""

    fields: tuple[str, ...]
    pattern: re.Pattern[str]
    product: str
    ended: date
    source: str
    examples: tuple[str, ...]
    no_examples: tuple[str, ...]


@cache
def shipped() -> tuple[Ending, ...]:
    """All that are known."""
    return read(files("cordon.exposure.data").joinpath("endings.toml").read_text(encoding="utf-8"))


def read(text: str) -> tuple[Ending, ...]:
    """Endings from TOML, below [[ending]].

    Raises:
        ValueError: an entry lacks something, has something unknown, or its pattern is none.
    """
    found = []
    for entry in tomllib.loads(text).get("ending", ()):
        if unknown := sorted(set(entry) ^ KEYS):
            raise ValueError(f"unknown or missing {unknown[0]} in {entry}")
        fields = (entry["field"],) if isinstance(entry["field"], str) else tuple(entry["field"])
        if odd := sorted(set(fields) - set(FIELDS)):
            raise ValueError(f"{odd[0]} is no field that names products")
        try:
            pattern = re.compile(entry["pattern"], re.IGNORECASE)
        except re.error as error:
            raise ValueError(f"pattern of {entry['product']}: {error}") from None
        found.append(Ending(fields, pattern, entry["product"], entry["ended"], entry["source"],
                            tuple(entry["examples"]), tuple(entry["not"])))  # fmt: skip
    return tuple(found)


@cache
def any_ending() -> str:
    """One pattern for all of them."""
    return "(?i)" + "|".join(f"(?:{one.pattern.pattern})" for one in shipped())


@lru_cache(maxsize=16_384)
def ending_of(field: str, value: str) -> Ending | None:
    """What is known to have ended of what presents itself so."""
    return next((one for one in shipped() if field in one.fields and one.pattern.search(value)), None)
