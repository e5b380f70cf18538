"""Files of rules: what is wrong is told with file and line, and the rest loads."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Final

import polars as pl
import yaml

from cordon.detect.rules.conditions import condition
from cordon.detect.rules.marked import RuleError, documents, entries, line_of, text_of
from cordon.detect.rules.rule import ENDS, Rule, schema_of
from cordon.detect.tallies import MOST_WITHIN, Counted
from cordon.model.families import FAMILIES
from cordon.model.finding import Severity
from cordon.model.tables import DAY, HOUR, MINUTE, SECOND, STEP

ENDINGS: Final = (".yaml", ".yml")
MOST_SAYS: Final = 300

_FIELDS: Final = (
    "name",
    "says",
    "table",
    "when",
    "device",
    "count",
    "family",
    "technique",
    "severity",
    "explains",
    "pause",
)
_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}

Entries = dict[str, tuple[int, yaml.Node]]


@dataclass(slots=True)
class Read:
    """What came of reading rules: those that hold, and a sentence for each that does not."""

    rules: list[Rule] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def load_rules(folder: Path | None) -> Read:
    """The rules of all files of a folder, in the order of their names; none where there is no folder."""
    read = Read()
    files = sorted(path for path in folder.iterdir() if path.suffix in ENDINGS) if folder and folder.is_dir() else []
    for path in files:
        _add(read, read_file(path))
    return read


def read_file(path: Path) -> Read:
    """The rules of one file; a file that cannot be read is a mistake of its own."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Read(mistakes=[f"{path}: this is no text in UTF-8."])
    except OSError as error:
        return Read(mistakes=[f"{path} cannot be read ({error.strerror})."])
    return read_rules(text, str(path))


def read_rules(text: str, place: str) -> Read:
    """The rules of a text, each a document of its own (`---` between them); `place` is what its mistakes name."""
    read = Read()
    try:
        for node in documents(text):
            if isinstance(node, yaml.ScalarNode) and not node.value:
                continue
            try:
                _add(read, Read([_rule(node, place)]))
            except RuleError as error:
                read.mistakes.append(f"{place}:{error.line}: {error}.")
            except RecursionError:
                read.mistakes.append(f"{place}:{line_of(node)}: it is nested too deep to be a rule.")
    except RuleError as error:
        read.mistakes.append(f"{place}:{error.line}: {error}.")
    return read


def _add(read: Read, more: Read) -> None:
    """Adds rules; a name belongs to the first that has it."""
    for rule in more.rules:
        if (other := next((one for one in read.rules if one.name == rule.name), None)) is not None:
            read.mistakes.append(f"{rule.place}: there is a rule {rule.name} already, at {other.place}.")
        else:
            read.rules.append(rule)
    read.mistakes += more.mistakes


def _rule(node: yaml.Node, place: str) -> Rule:
    told = entries(node, "a rule")
    for name, (line, _) in told.items():
        if name not in _FIELDS:
            raise RuleError(line, f"{name} is nothing that a rule says; there are {', '.join(_FIELDS)}")
    for name in ("name", "says", "when"):
        if name not in told:
            raise RuleError(line_of(node), f"{name} is missing")
    table = _chosen(told, "table", tuple(ENDS), "talks")
    schema = schema_of(table)
    own = _matching(told, "name", r"[a-z0-9][a-z0-9-]{0,63}", "lower-case letters, digits and hyphens")
    count = _count(told["count"][1], table, f"rule:{own}") if "count" in told else None
    return Rule(
        name=own,
        says=_says(told, {*schema, "count"} if count else {*schema}, table),
        table=table,
        when=condition(told["when"][1], schema, table),
        side=_chosen(told, "device", tuple(ENDS[table]), "client"),
        family=_chosen(told, "family", FAMILIES, "abuse"),
        technique=_matching(told, "technique", r"(T\d{4}(\.\d{3})?)?", "a technique of ATT&CK, such as T1046"),
        severity=Severity[_chosen(told, "severity", tuple(one.name.lower() for one in Severity), "medium").upper()],
        explains=_text(told, "explains").strip(),
        pause=_span(told["pause"][1], "pause", 30 * DAY) if "pause" in told else HOUR,
        count=count,
        place=f"{place}:{line_of(node)}",
    )


def _text(told: Entries, name: str) -> str:
    return text_of(told[name][1], name) if name in told else ""


def _chosen(told: Entries, name: str, among: tuple[str, ...], otherwise: str) -> str:
    if name not in told:
        return otherwise
    value = _text(told, name)
    if value not in among:
        raise RuleError(told[name][0], f"{name} is {value!r}; it must be one of {', '.join(among)}")
    return value


def _matching(told: Entries, name: str, pattern: str, wants: str) -> str:
    value = _text(told, name)
    if not re.fullmatch(pattern, value):
        raise RuleError(told[name][0], f"{name} is {value!r}; it must be {wants}")
    return value


def _says(told: Entries, known: set[str], table: str) -> str:
    """The sentence, whose braces name columns and nothing else."""
    line, says = told["says"][0], _text(told, "says").strip()
    try:
        parts = list(Formatter().parse(says))
    except ValueError as error:
        raise RuleError(line, f"says has a brace too many or too few ({error})") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in known or form or conversion):
            raise RuleError(
                line, f"says names {{{name}}}; there are the columns of {table}: {', '.join(sorted(known))}"
            )
    if not says or len(says) > MOST_SAYS:
        raise RuleError(line, f"says must be a text of 1 to {MOST_SAYS} characters")
    return says


def _count(node: yaml.Node, table: str, counter: str) -> Counted:
    told = entries(node, "count")
    for name, (line, _) in told.items():
        if name not in {"of", "least", "within"}:
            raise RuleError(line, f"{name} is nothing that is counted by; there are of, least, within")
    for name in ("least", "within"):
        if name not in told:
            raise RuleError(line_of(node), f"{name} is missing")
    least = int(_matching(told, "least", r"[1-9]\d{0,5}", "a whole number from 1 to 999999"))
    schema = schema_of(table)
    of = _chosen(told, "of", tuple(name for name, kind in schema.items() if not isinstance(kind, pl.List)), "")
    return Counted(counter, least, _span(told["within"][1], "within", MOST_WITHIN), of)


def _span(node: yaml.Node, name: str, most: int) -> int:
    """Microseconds of 30s, 10m, 2h or 1d."""
    value = text_of(node, name)
    found = re.fullmatch(r"(\d{1,6})([smhd])", value)
    time = int(found[1]) * _UNITS[found[2]] if found else 0
    if not STEP <= time <= most:
        raise RuleError(
            line_of(node), f"{name} is {value!r}; it must be a time such as 30s, 10m or 2h, 10s to {most // HOUR}h"
        )
    return time
