"""What a rule wants of a row: `when` becomes one expression over the columns of a table."""

import operator
import re
from collections.abc import Callable
from functools import reduce
from ipaddress import ip_network
from typing import Final

import polars as pl
import yaml

from cordon.detect.rules.marked import RuleError, entries, items, line_of, text_of
from cordon.model.addresses import address_key, network_keys
from cordon.model.tables import Schema

_BRANCHES: Final = ("all", "any", "not")
_TEXTS: Final[dict[str, Callable[[pl.Expr, str], pl.Expr]]] = {
    "equals": lambda text, value: text == value,
    "contains": lambda text, value: text.str.contains(value, literal=True),
    "begins": lambda text, value: text.str.starts_with(value),
    "ends": lambda text, value: text.str.ends_with(value),
}
"""How texts are compared; both sides are in lower case."""
_NUMBERS: Final[dict[str, Callable[[pl.Expr, float], pl.Expr]]] = {
    "equals": operator.eq,
    "greater": operator.gt,
    "less": operator.lt,
    "at-least": operator.ge,
    "at-most": operator.le,
}
_OF_TEXTS: Final = (*_TEXTS, "in", "matches", "cidr", "empty")
_OF_NUMBERS: Final = (*_NUMBERS, "in")


def condition(node: yaml.Node, schema: Schema, table: str) -> pl.Expr:
    """Whether a row is meant. Pairs of a mapping must all hold; of a list any.

    Raises:
        RuleError: a column, a comparison or a value does not fit.
    """
    if isinstance(node, yaml.SequenceNode):
        return _any([condition(one, schema, table) for one in items(node)], node)
    parts = []
    for name, (line, value) in entries(node, "when").items():
        if name in _BRANCHES:
            each = [condition(one, schema, table) for one in items(value)]
            joined = reduce(operator.and_, each) if name == "all" and each else _any(each, value)
            parts.append(~joined if name == "not" else joined)
        elif name in schema:
            parts.append(_column(name, schema[name], value))
        else:
            raise RuleError(line, f"{table} has no column {name}; there are {', '.join(schema)}")
    if not parts:
        raise RuleError(line_of(node), "nothing is asked of a row")
    return reduce(operator.and_, parts)


def _any(parts: list[pl.Expr], node: yaml.Node) -> pl.Expr:
    if not parts:
        raise RuleError(line_of(node), "nothing is asked of a row")
    return reduce(operator.or_, parts)


def _column(name: str, kind: pl.DataType | type[pl.DataType], node: yaml.Node) -> pl.Expr:
    """A value, several of which any will do, or comparisons that must all hold."""
    if not isinstance(node, yaml.MappingNode):
        return _compared(name, kind, "equals", node)
    tests = [_compared(name, kind, how, value) for how, (_, value) in entries(node, name).items()]
    if not tests:
        raise RuleError(line_of(node), f"nothing is asked of {name}")
    return reduce(operator.and_, tests)


def _compared(name: str, kind: pl.DataType | type[pl.DataType], how: str, node: yaml.Node) -> pl.Expr:
    values = items(node)
    if not values:
        raise RuleError(line_of(node), f"{name} is compared with nothing")
    return reduce(operator.or_, [_test(name, kind, "equals" if how == "in" else how, one) for one in values])


def _test(name: str, kind: pl.DataType | type[pl.DataType], how: str, node: yaml.Node) -> pl.Expr:
    if isinstance(kind, pl.List):
        if kind.inner != pl.String:
            raise RuleError(line_of(node), f"{name} is a list of numbers, which rules do not compare")
        if how == "empty":
            return (pl.col(name).list.len() == 0) == _truth(node, name)
        return pl.col(name).list.eval(_text(pl.element(), name, how, node)).list.any()
    if kind == pl.String:
        return _text(pl.col(name), name, how, node)
    if kind == pl.Boolean:
        if how != "equals":
            raise RuleError(line_of(node), f"{name} is true or false, which {how} does not compare")
        return pl.col(name) == _truth(node, name)
    if how not in _NUMBERS:
        raise RuleError(
            line_of(node), f"{name} is a number, which {how} does not compare; there are {_said(_OF_NUMBERS)}"
        )
    return _NUMBERS[how](pl.col(name).cast(pl.Float64), _number(node, name))


def _text(text: pl.Expr, name: str, how: str, node: yaml.Node) -> pl.Expr:
    if how == "empty":
        return (text == "") == _truth(node, name)
    value = text_of(node, name)
    if how == "matches":
        try:
            pl.select(pl.lit("").str.contains(value))
        except pl.exceptions.PolarsError as error:
            reason = str(error).strip().splitlines()[-1].removeprefix("error: ")
            raise RuleError(line_of(node), f"{value!r} is no pattern ({reason})") from None
        return text.str.contains(value)
    if how == "cidr":
        try:
            keys = network_keys(ip_network(value, strict=False))
        except ValueError:
            raise RuleError(line_of(node), f"{value!r} is no network, such as 203.0.113.0/24") from None
        key = address_key(text)
        return reduce(operator.or_, [key.str.starts_with(one) for one in keys]).fill_null(value=False)
    if how not in _TEXTS:
        raise RuleError(line_of(node), f"{name} is a text, which {how} does not compare; there are {_said(_OF_TEXTS)}")
    return _TEXTS[how](text.str.to_lowercase(), value.lower())


def _truth(node: yaml.Node, name: str) -> bool:
    value = text_of(node, name).lower()
    if value not in {"true", "false", "yes", "no"}:
        raise RuleError(line_of(node), f"{value!r} is neither true nor false, as {name} wants")
    return value in {"true", "yes"}


def _number(node: yaml.Node, name: str) -> float:
    value = text_of(node, name)
    if not re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", value):
        raise RuleError(line_of(node), f"{value!r} is no number, as {name} wants")
    return float(value)


def _said(names: tuple[str, ...]) -> str:
    return ", ".join(names)
