"""Vendor names: one short spelling for each, whatever registry or banner it comes from."""

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Final

_LEGAL: Final = re.compile(
    r"(?:[\s,.&]+|(?<=\.))[(\[]?(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|l\.?l\.?c|gmbh|kgaa|mbh|ag|ab|"
    r"a/s|oy|oyj|b\.?v|n\.?v|s\.?a|s\.?a\.?s|sarl|s\.?p\.?a|s\.?r\.?l|s\.?l|kg|e\.?k|k\.?k|plc|pty|pte|pvt|private|sdn|bhd|"
    r"aps|sp|z\s?\.?o\.?o|s\.?r\.?o|d\.?o\.?o|ltda|lda|und|and)[)\]]?\.?$",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\s*[(（\[][^()（）]*[)）\]]\s*")


@lru_cache(4096)
def tidy(name: str) -> str:
    """The vendor as Cordon spells it: a known short name, else the given one without its legal form.

    ``tidy("Axis Communications AB") == "Axis Communications"``.
    """
    name = " ".join(name.replace("，", ",").split())
    for pattern, short in _short_names():
        if pattern.match(name):
            return short
    plain = _BRACKETS.sub(" ", name).strip() or name
    while (shorter := _LEGAL.sub("", plain).rstrip(" ,.&-")) != plain and shorter:
        plain = shorter
    return _calm(plain)


def _calm(name: str) -> str:
    """Words all in capitals are written as names, short ones (HP, ABB, ASUS) stay."""
    if name != name.upper():
        return name
    return " ".join(word if len(word) <= 4 or not word.isalpha() else word.capitalize() for word in name.split())


@cache
def _short_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = tomllib.loads((resources.files("cordon.devices") / "data" / "vendors.toml").read_text(encoding="utf-8"))
    return tuple((re.compile(pattern, re.IGNORECASE), short) for short, pattern in table["names"].items())


@cache
def chip_makers() -> frozenset[str]:
    """Makers of network chips and modules, and contract manufacturers: their prefix hardly speaks for the brand."""
    table = tomllib.loads((resources.files("cordon.devices") / "data" / "vendors.toml").read_text(encoding="utf-8"))
    return frozenset(table["chips"]["makers"])
