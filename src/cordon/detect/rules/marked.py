"""YAML as values that know the line they stand in, so that a mistake can be told with its place."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

MOST: Final = 1 << 18
"""Characters of a file of rules."""
DEEPEST: Final = 64
"""Brackets within brackets."""


class RuleError(ValueError):
    """What is wrong with a rule, and in which line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def documents(text: str) -> Iterator[yaml.Node]:
    """The documents of a text, one after the other; aliases are refused, since few of them can stand for very much.

    Raises:
        RuleError: it is not YAML from some line on; the documents before have been handed out.
    """
    if len(text) > MOST:
        raise RuleError(1, f"the file is larger than {MOST >> 10} kB")
    _check_depth(text)
    try:
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise RuleError(line, "this is not valid YAML (a character that cannot be printed)") from None
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None:
                continue
            if _has_aliases(node, set()):
                raise RuleError(line_of(node), "aliases (*name) are not read; write it out")
            yield node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RuleError(mark.line + 1 if mark else 1, f"this is not valid YAML ({error.problem})") from None
    except yaml.YAMLError as error:
        raise RuleError(1, f"this is not valid YAML ({str(error).splitlines()[0]})") from None
    except RecursionError:
        raise RuleError(1, "it is nested too deep to be a rule") from None
    finally:
        loader.dispose()


def _check_depth(text: str) -> None:
    """Deep nesting costs the parser the square of its depth: it is refused before."""
    depth = 0
    for sign in re.finditer(r"[\[\]{}]", text):
        depth += 1 if sign[0] in "[{" else -1
        if depth > DEEPEST:
            raise RuleError(text.count("\n", 0, sign.start()) + 1, "it is nested too deep to be a rule")


def _has_aliases(node: yaml.Node, met: set[int]) -> bool:
    """Whether a part stands in two places."""
    if id(node) in met:
        return True
    met.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return any(_has_aliases(part, met) for pair in node.value for part in pair)
    return isinstance(node, yaml.SequenceNode) and any(_has_aliases(part, met) for part in node.value)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def entries(node: yaml.Node, what: str) -> dict[str, tuple[int, yaml.Node]]:
    """The entries of a mapping with the lines they stand in.

    Raises:
        RuleError: it is none, or names something twice.
    """
    if not isinstance(node, yaml.MappingNode):
        raise RuleError(line_of(node), f"{what} is a list of `name: value` pairs")
    found: dict[str, tuple[int, yaml.Node]] = {}
    for key, value in node.value:
        name = text_of(key, what)
        if name in found:
            raise RuleError(line_of(key), f"{name} stands there twice")
        found[name] = (line_of(key), value)
    return found


def items(node: yaml.Node) -> list[yaml.Node]:
    """The items of a list; what is no list is its only item."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def text_of(node: yaml.Node, what: str) -> str:
    """A scalar as it is written.

    Raises:
        RuleError: it is a list or a mapping.
    """
    if not isinstance(node, yaml.ScalarNode):
        raise RuleError(line_of(node), f"{what} is one word or text")
    return str(node.value)
