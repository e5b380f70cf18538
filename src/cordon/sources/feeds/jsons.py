"""Feeds in JSON: events of MISP, and the simple patterns of STIX 2.1 indicators (OASIS STIX 2.1, 4.7 and 9)."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from cordon.sources.errors import SourceError

_VALUES: Final = {
    **dict.fromkeys(
        ("ip-dst", "ip-src", "ip-dst|port", "ip-src|port", "domain", "hostname", "domain|ip", "hostname|port", "url",
         "uri", "md5", "sha1", "sha256", "filename|md5", "filename|sha1", "filename|sha256", "ja4-fingerprint",
         "x509-fingerprint-sha256"),
        "",
    ),
    "ja3-fingerprint-md5": "ja3",
}  # fmt: skip
"""Types of MISP's attributes that can be looked for in traffic, and what their values are where they do not tell."""

_PATTERN: Final = re.compile(r"([a-z0-9-]+):([\w.'-]+)\s*=\s*'((?:[^'\\]|\\.)*)'")
_OBJECTS: Final = frozenset({"ipv4-addr", "ipv6-addr", "domain-name", "url", "file", "x509-certificate"})
_NOT_SIMPLE: Final = re.compile(
    r"\b(AND|FOLLOWEDBY|NOT|LIKE|MATCHES|WITHIN|REPEATS|START|STOP|ISSUBSET|ISSUPERSET)\b|!=|[<>]"
)

Entry = tuple[str, str, str, str]


def is_json(text: str) -> bool:
    """Whether a text is JSON by its beginning; a line of brackets is no address."""
    return text.lstrip()[:1] in {"{", "["} and not re.match(r"\s*\[[0-9a-fA-F:.]+\]", text)


def entries_of(text: str, place: str) -> tuple[str, Iterator[Entry]]:
    """The form (misp, stix) and its entries.

    Raises:
        SourceError: it is not JSON, or neither of these.
    """
    try:
        told = json.loads(text)
    except RecursionError:
        raise SourceError(f"{place} is nested too deep to be a feed.") from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SourceError(f"{place}:{line}: this is not valid JSON ({getattr(error, 'msg', error)}).") from None
    if isinstance(told, dict) and told.get("type") == "bundle":
        return "stix", _stix(told.get("objects"))
    events = list(_events(told))
    if not events:
        raise SourceError(f"{place} is JSON, but neither an event of MISP nor a bundle of STIX 2.1.")
    return "misp", _misp(events)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _events(told: Any) -> Iterator[dict[str, Any]]:
    """Events as MISP exports them: one, a list, or the answer of its API."""
    if isinstance(told, list):
        for one in _dicts(told):
            yield from _events(one)
    elif isinstance(told, dict):
        inner = told.get("response", told.get("Event"))
        if isinstance(inner, dict | list):
            yield from _events(inner)
        elif isinstance(told.get("Attribute"), list) or isinstance(told.get("Object"), list):
            yield told


def _misp(events: list[dict[str, Any]]) -> Iterator[Entry]:
    """Attributes that are meant for detection (`to_ids`); of those of two parts the one that says where."""
    for number, event in enumerate(events, 1):
        info = str(event.get("info", ""))
        attributes = _dicts(event.get("Attribute"))
        for thing in _dicts(event.get("Object")):
            attributes += _dicts(thing.get("Attribute"))
        for at, one in enumerate(attributes, 1):
            type_ = str(one.get("type", ""))
            if type_ not in _VALUES or one.get("to_ids") is False:
                continue
            value = str(one.get("value", ""))
            first, _, second = value.partition("|")
            chosen = second if type_.startswith("filename|") else first
            yield f" (event {number}, attribute {at})", chosen, _VALUES[type_], str(one.get("comment") or info)


def _stix(objects: Any) -> Iterator[Entry]:
    """Indicators that hold and whose pattern is a comparison, or several of which any may hold."""
    for number, one in enumerate(_dicts(objects), 1):
        if one.get("type") != "indicator" or one.get("revoked") is True:
            continue
        where, pattern = f" (object {number})", str(one.get("pattern", ""))
        bare = re.sub(r"'(?:[^'\\]|\\.)*'", "''", pattern)
        found = _PATTERN.findall(pattern)
        if one.get("pattern_type", "stix") != "stix" or not found or _NOT_SIMPLE.search(bare):
            yield where, f"the pattern {pattern[:40]}", "", ""
            continue
        for thing, path, value in found:
            if thing in _OBJECTS and (path == "value" or path.startswith("hashes.")):
                yield where, re.sub(r"\\(.)", r"\1", value), "", str(one.get("name") or one.get("description") or "")
