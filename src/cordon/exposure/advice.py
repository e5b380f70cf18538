"""How a weakness is repaired on devices of one maker or kind, where that is known: data with their sources."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

FIELDS: Final = frozenset({"checks", "vendor", "kind", "model", "says", "source"})


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do on devices of a vendor (the beginning of its name, any case), of a kind, or of one of its models (the
    beginning of its name, likewise); "" fits all."""

    checks: tuple[str, ...]
    says: str
    source: str
    vendor: str = ""
    kind: str = ""
    model: str = ""

    def fits(self, check: str, kind: str, vendor: str, model: str = "") -> bool:
        """Whether it is for that check on such a device."""
        return (
            check in self.checks
            and vendor.casefold().startswith(self.vendor.casefold())
            and (not self.kind or self.kind == kind)
            and model.casefold().startswith(self.model.casefold())
        )


@cache
def shipped() -> tuple[Advice, ...]:
    """All advice there is."""
    return read(files("cordon.exposure.data").joinpath("repairs.toml").read_text(encoding="utf-8"))


def read(text: str) -> tuple[Advice, ...]:
    """Advice from TOML, below [[advice]].

    Raises:
        ValueError: an entry lacks something, has something unknown, or is for nobody in particular.
    """
    found = []
    for entry in tomllib.loads(text).get("advice", ()):
        if unknown := sorted(set(entry) - FIELDS):
            raise ValueError(f"unknown {unknown[0]} in {entry}")
        if not entry.get("vendor") and not entry.get("kind"):
            raise ValueError(f"neither vendor nor kind in {entry}")
        found.append(Advice(tuple(entry["checks"]), entry["says"], entry["source"], entry.get("vendor", ""),
                            entry.get("kind", ""), entry.get("model", "")))  # fmt: skip
    return tuple(found)


def advice_of(check: str, kind: str, makes: Iterable[tuple[str, str]]) -> tuple[Advice, ...]:
    """What is known to help on devices of a kind and of these makes (vendor and model), each once."""
    found = (one for vendor, model in makes for one in advice_for(check, kind, vendor, model))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (not one.model, not one.vendor, not one.kind)))


def advice_for(
    check: str, kind: str, vendor: str, model: str = "", book: Iterable[Advice] | None = None
) -> tuple[Advice, ...]:
    """What is known to help, what is of the very model and maker first."""
    fitting = [one for one in (shipped() if book is None else book) if one.fits(check, kind, vendor, model)]
    return tuple(sorted(fitting, key=lambda one: (not one.model, not one.vendor, not one.kind)))
