"""One codec for all facts, derived from their fields: to plain JSON values and back, and their JSON schema."""

import dataclasses
import types
import typing
from collections.abc import Callable
from enum import Enum, IntEnum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def encode(fact: object) -> Any:
    """Plain JSON values: dataclasses become objects, tuples become arrays, enums their value."""
    kind: Any = type(fact)
    if kind in _PLAIN:
        return fact
    if kind is tuple or kind is list:
        items: Any = fact
        return [item if type(item) in _PLAIN else encode(item) for item in items]
    if kind is dict:
        entries: Any = fact
        return {str(key): value if type(value) in _PLAIN else encode(value) for key, value in entries.items()}
    if (fields := _fields(kind)) is not None:
        names, values = fields
        plain = dict(zip(names, values(fact), strict=True))
        for name, value in plain.items():
            if type(value) not in _PLAIN:
                plain[name] = encode(value)
        return plain
    if isinstance(fact, Enum):
        return fact.name.lower() if isinstance(fact, IntEnum) else fact.value
    if isinstance(fact, (str, int)):
        return fact
    raise TypeError(f"no plain form for {kind.__name__}")


_PLAIN = frozenset((str, int, bool, type(None)))


@cache
def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]] | None:
    """The names of a dataclass's fields, and what gets their values; None for other types."""
    if not dataclasses.is_dataclass(kind):
        return None
    names = tuple(field.name for field in dataclasses.fields(kind))
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda fact: tuple(getattr(fact, name) for name in names)


def decode(kind: type[T], plain: Any) -> T:
    """The fact that `encode` made `plain` of.

    Raises:
        ValueError: `plain` does not have the shape of `kind`; the message names the place.
    """
    return typing.cast(T, decode_as(kind, plain, kind.__name__))


def decode_as(kind: Any, plain: Any, place: str) -> Any:
    """As `decode`, for any type a field may have; `place` is how errors name where it stands."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(plain, dict):
            raise ValueError(f"{place}: an object was expected")
        hints = _hints(kind)
        if unknown := sorted(set(plain) - set(hints)):
            raise ValueError(f"{place}: unknown {unknown[0]}")
        try:
            return kind(**{name: decode_as(hints[name], value, f"{place}.{name}") for name, value in plain.items()})
        except TypeError as error:
            raise ValueError(f"{place}: {error}") from None
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _decode_union(arguments, plain, place)
    if origin is tuple:
        return _decode_tuple(arguments, plain, place)
    if origin is dict:
        return _decode_dict(arguments[1], plain, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind[str(plain).upper()] if issubclass(kind, IntEnum) else kind(plain)
        except (KeyError, ValueError):
            raise ValueError(f"{place}: {plain!r} is no {kind.__name__}") from None
    if isinstance(kind, type) and type(plain) is kind:
        return plain
    raise ValueError(f"{place}: {getattr(kind, '__name__', kind)} was expected, not {plain!r}")


def _decode_union(choices: tuple[Any, ...], plain: Any, place: str) -> Any:
    if plain is None and type(None) in choices:
        return None
    for choice in choices:
        if choice is type(None):
            continue
        try:
            return decode_as(choice, plain, place)
        except ValueError:
            continue
    raise ValueError(f"{place}: {plain!r} fits none of its types")


def _decode_tuple(arguments: tuple[Any, ...], plain: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise ValueError(f"{place}: an array was expected")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(decode_as(arguments[0], item, f"{place}[{at}]") for at, item in enumerate(plain))
    if len(arguments) != len(plain):
        raise ValueError(f"{place}: {len(arguments)} items were expected")
    return tuple(
        decode_as(kind, item, f"{place}[{at}]") for at, (kind, item) in enumerate(zip(arguments, plain, strict=True))
    )


def _decode_dict(value_kind: Any, plain: Any, place: str) -> dict[str, Any]:
    if not isinstance(plain, dict):
        raise ValueError(f"{place}: an object was expected")
    return {key: decode_as(value_kind, value, f"{place}.{key}") for key, value in plain.items()}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def schema(kind: Any) -> dict[str, Any]:
    """The JSON schema (2020-12) of what `encode` makes of a fact of that kind."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return {
            "type": "object",
            "properties": {name: schema(hint) for name, hint in hints.items()},
            "required": list(hints),
            "additionalProperties": False,
        }
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [schema(choice) for choice in arguments]}
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": schema(arguments[0])}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [schema(item) for item in arguments],
            "minItems": len(arguments),
            "maxItems": len(arguments),
        }
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(arguments[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        values = [member.name.lower() if issubclass(kind, IntEnum) else member.value for member in kind]
        return {"enum": values}
    names = {str: "string", int: "integer", bool: "boolean", type(None): "null"}
    return {"type": names[kind]}
