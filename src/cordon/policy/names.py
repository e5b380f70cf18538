"""Host names: which belong to one owner, and the least pattern that holds several of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from cordon.model.addresses import is_address

ENOUGH: Final = 3
"""Different names under one domain from which on a pattern stands for them."""

SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ltd", "me", "ne", "net", "or", "org", "plc"})
"""Labels under which two-letter country domains register names, as in example.co.uk."""

SHARED: Final = (
    "amazonaws.com",
    "akamaiedge.net",
    "akamaihd.net",
    "appspot.com",
    "azure-devices.net",
    "azureedge.net",
    "azurewebsites.net",
    "cloudapp.net",
    "cloudfront.net",
    "fastly.net",
    "firebaseio.com",
    "herokuapp.com",
    "windows.net",
)
"""Domains whose sub-domains belong to different customers: a pattern over them would allow strangers."""

POOLS: Final = ("pool.ntp.org",)
"""Domains whose names stand for ever changing hosts; one name of them stands for all."""


def registered(name: str) -> str:
    """The domain somebody registered, by the built-in tables; "" for a name without one, or one on shared ground."""
    labels = name.split(".")
    if len(labels) < 2 or is_address(name) or any(name == s or name.endswith(f".{s}") for s in SHARED):
        return ""
    deep = len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:]) if len(labels) > (2 if deep else 1) else ""


def generalised(names: Iterable[str]) -> dict[str, str]:
    """What stands for each name: the name itself, or "*.domain" where at least `ENOUGH` names share a domain.

    The pattern is the narrowest that holds them all, and never wider than the registered domain.
    """
    by_domain: dict[str, list[str]] = defaultdict(list)
    result: dict[str, str] = {}
    for name in sorted(set(names)):
        result[name] = name
        pool = next((pool for pool in POOLS if name == pool or name.endswith(f".{pool}")), "")
        domain = registered(name)
        if pool and name != pool:
            result[name] = f"*.{pool}"
        elif domain and name != domain:
            by_domain[domain].append(name)
    for group in by_domain.values():
        if len(group) >= ENOUGH:
            result.update(dict.fromkeys(group, f"*.{_shared_parent(group)}"))
    return result


def _shared_parent(names: list[str]) -> str:
    """The longest domain that all names are below."""
    parents = [name.split(".")[1:][::-1] for name in names]
    shared = []
    for labels in zip(*parents, strict=False):
        if len(set(labels)) > 1:
            break
        shared.append(labels[0])
    return ".".join(reversed(shared))
