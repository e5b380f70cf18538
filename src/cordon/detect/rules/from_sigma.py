"""Network rules of Sigma become rules of ours, through pySigma's own parser and a processing pipeline of its making.

Nothing of Sigma's rules is shipped. What one says that our tables do not hold is told, and that rule is not taken over:
a rule with a condition left out would say something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml
from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaError
from sigma.processing.conditions import LogsourceCondition
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation, SetStateTransformation
from sigma.rule import SigmaRule
from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaType,
    SpecialChars,
)

from cordon.detect.rules.reading import read_rules
from cordon.detect.rules.sigma_fields import PROTOCOLS, SAYS, SOURCES, TACTICS

_QUERY: Final = "it wants what stands behind the question mark of a path, which is not kept"
_COMPARED: Final = {"LT": "less", "LTE": "at-most", "GT": "greater", "GTE": "at-least"}
_ANSWERS: Final = frozenset({"status", "content_type"})
_REQUESTS: Final = frozenset({"method", "host", "path", "agent"})


@dataclass(frozen=True, slots=True)
class Imported:
    """A rule of Sigma as one of ours, or why it is none."""

    title: str
    name: str = ""
    text: str = ""  # YAML
    mistake: str = ""


class _NotHeldError(ValueError):
    """What our tables do not hold."""


def imported(text: str, place: str) -> Iterator[Imported]:
    """The rules of a file of Sigma's, one by one; `place` is what mistakes name."""
    try:
        rules = SigmaCollection.from_yaml(text, collect_errors=True).rules
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield Imported("", mistake=f"{place}:{line}: this is not valid YAML ({error.problem}).")
        return
    except (SigmaError, yaml.YAMLError, RecursionError, AttributeError, TypeError) as error:
        yield Imported("", mistake=f"{place} is no rule of Sigma ({_sentence(error)}).")
        return
    if not rules:
        yield Imported("", mistake=f"{place} holds no rule of Sigma.")
    for number, rule in enumerate(rules, 1):
        where = place if len(rules) == 1 else f"{place} (rule {number})"
        title = str(getattr(rule, "title", "") or "a rule without a title")
        try:
            if rule.errors:
                raise _NotHeldError(_sentence(rule.errors[0]))
            if not isinstance(rule, SigmaRule):
                raise _NotHeldError("correlations of several rules are not read")
            name, made = _converted(rule)
        except (_NotHeldError, SigmaError) as error:
            yield Imported(title, mistake=f"{where}: {title}: {_sentence(error)}.")
            continue
        if mistakes := read_rules(made, where).mistakes:
            yield Imported(title, mistake=f"{where}: {title}: {mistakes[0].partition(': ')[2]}")
        else:
            yield Imported(title, name, made)


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


def _pipeline() -> ProcessingPipeline:
    items = []
    for table, fields, source in SOURCES:
        mapping: dict[str | None, str | list[str]] = dict(fields.items())
        for does in (FieldMappingTransformation(mapping), SetStateTransformation("table", table)):
            items.append(ProcessingItem(does, rule_conditions=[LogsourceCondition(**source)]))
    return ProcessingPipeline(name="Tables of Cordon", items=items)


def _converted(rule: SigmaRule) -> tuple[str, str]:
    """The name and the text of a rule of ours."""
    pipeline = _pipeline()
    pipeline.apply(rule)
    table = str(pipeline.state.get("table", ""))
    if not table:
        source = rule.logsource
        said = ", ".join(str(one) for one in (source.category, source.product, source.service) if one)
        raise _NotHeldError(f"no table of ours holds what its log source does ({said})")
    conditions = [_branch(one.parsed, table) for one in rule.detection.parsed_condition]
    when = conditions[0] if len(conditions) == 1 else {"any": conditions}
    columns = set(_columns(when))
    if table == "http" and columns & _ANSWERS and columns & _REQUESTS:
        raise _NotHeldError("it wants something of a request and of its answer at once, which are two rows")
    title = str(rule.title)
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:56].strip("-") or "rule"
    tags = [(str(tag.namespace), str(tag.name)) for tag in rule.tags]
    techniques = [name.upper() for space, name in tags if space == "attack" and re.fullmatch(r"t\d{4}(\.\d{3})?", name)]
    families = [TACTICS[name] for space, name in tags if space == "attack" and name in TACTICS]
    plain = re.sub(r"[{}\s]+", " ", title).strip()[:120]
    told: dict[str, Any] = {
        "name": f"sigma-{slug}",
        "says": f'{SAYS[table]}, as the rule "{plain}" of Sigma describes',
        "table": table,
        "family": families[0] if families else "abuse",
        "severity": {"informational": "info"}.get(level := str(rule.level).lower(), level) if rule.level else "medium",
        "when": when,
    }
    if techniques:
        told["technique"] = techniques[0]
    told["explains"] = "\n".join(
        line
        for line in (
            str(rule.description or ""),
            f"False alarms: {'; '.join(map(str, rule.falsepositives))}" if rule.falsepositives else "",
            f"From Sigma: {title} ({rule.id}), by {rule.author or 'somebody'}; its licence goes with it.",
        )
        if line
    )
    return told["name"], yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def _columns(when: Any) -> Iterator[str]:
    if isinstance(when, list):
        for one in when:
            yield from _columns(one)
    elif isinstance(when, dict):
        for name, value in when.items():
            if name in {"all", "any", "not"}:
                yield from _columns(value)
            else:
                yield name


def _branch(condition: Any, table: str) -> dict[str, Any]:
    """A condition as what stands below `when`."""
    if isinstance(condition, ConditionFieldEqualsValueExpression):
        return {str(condition.field): _value(str(condition.field), condition.value, table)}
    if isinstance(condition, ConditionValueExpression):
        raise _NotHeldError("it looks for words in whole lines, which tables do not have")
    parts = [_branch(one, table) for one in condition.args]
    if isinstance(condition, ConditionNOT):
        return {"not": parts[0]}
    if isinstance(condition, ConditionOR):
        return {"any": parts}
    if not isinstance(condition, ConditionAND):
        raise _NotHeldError(f"its condition holds a {type(condition).__name__}")
    names = [name for part in parts for name in part]
    return (
        {name: value for part in parts for name, value in part.items()}
        if len(set(names)) == len(names)
        else {"all": parts}
    )


def _value(column: str, value: SigmaType, table: str) -> Any:
    """What a column is compared with."""
    known = {one for name, fields, _ in SOURCES if name == table for one in fields.values()}
    if column not in known:
        raise _NotHeldError(f"its field {column} has no column in {table}")
    if isinstance(value, SigmaString):
        return _text(column, value)
    if isinstance(value, SigmaNumber):
        return value.number
    if isinstance(value, SigmaBool):
        return value.boolean
    if isinstance(value, SigmaNull):
        return {"empty": True}
    if isinstance(value, SigmaExists):
        return {"empty": not bool(value.exists)}
    if isinstance(value, SigmaCIDRExpression):
        return {"cidr": str(value.cidr)}
    if isinstance(value, SigmaRegularExpression):
        if column == "path" and r"\?" in value.regexp.to_plain():
            raise _NotHeldError(_QUERY)
        small = SigmaRegularExpressionFlag.IGNORECASE in value.flags
        return {"matches": f"{'(?i)' if small else ''}{value.regexp.to_plain()}"}
    if isinstance(value, SigmaCompareExpression) and value.op.name in _COMPARED:
        return {_COMPARED[value.op.name]: value.number.number}
    raise _NotHeldError(f"it compares {column} in a way that rules do not ({type(value).__name__})")


def _text(column: str, value: SigmaString) -> Any:
    parts, plain = list(value.s), "".join(part for part in value.s if isinstance(part, str))
    if column == "path" and ("?" in plain or SpecialChars.WILDCARD_SINGLE in parts):  # how Sigma writes it
        raise _NotHeldError(_QUERY)
    if column == "proto":
        return PROTOCOLS.get(plain.lower(), plain)
    many = SpecialChars.WILDCARD_MULTI
    outer = (parts[0] is many, parts[-1] is many) if len(parts) > 1 else (False, False)
    inner = parts[outer[0] : len(parts) - outer[1]]
    if not parts or (plain == "" and not outer[0]):
        return {"empty": True} if not parts else {"empty": False}
    if len(inner) == 1 and isinstance(inner[0], str):
        how = {(False, False): "equals", (True, True): "contains", (False, True): "begins", (True, False): "ends"}[
            outer
        ]
        return inner[0] if how == "equals" else {how: inner[0]}
    return {"matches": "(?is)^" + "".join(map(_pattern, parts)) + "$"}


def _pattern(part: str | SpecialChars | Placeholder) -> str:
    if isinstance(part, str):
        return re.escape(part)
    if isinstance(part, Placeholder):
        raise _NotHeldError("it holds a placeholder")
    return ".*" if part is SpecialChars.WILDCARD_MULTI else "."
