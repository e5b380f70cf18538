"""Writes the reference from the declarations: ``python scripts/reference.py docs/reference``.

Every page is a function of what the code declares, so the pages are never edited; `tests/test_reference.py` holds that
the ones in the repository are current.
"""

import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer.main
from fastapi import FastAPI
from pydantic_core import PydanticUndefined

from cordon.cli.app import app as cli
from cordon.config import PREFIX, Config, Excepted, Expected, Notify, RulesFolder, Watch
from cordon.detect.detector import Detector
from cordon.detect.detectors import SHIPPED
from cordon.devices import fingerprint
from cordon.devices.fingerprint import shipped
from cordon.exposure import Check
from cordon.exposure.checks import SHIPPED as CHECKS
from cordon.exposure.page import page_of
from cordon.exposure.requirements import SAYS
from cordon.model import facts, tables
from cordon.model.kinds import CLOUDS, KINDS
from cordon.parts import Part
from cordon.server import api, exposure_api, record_api, verdict_api
from cordon.server.console.manual import manual
from cordon.store.history import KEPT
from cordon.trust.bands import EDGES
from cordon.trust.settings import TrustSettings

NOTE: Final = "<!-- Written by `make docs` from the declarations. Change those, not this page. -->"
UNITS: Final = ((tables.DAY, "day"), (tables.HOUR, "hour"), (tables.MINUTE, "minute"), (tables.SECOND, "second"))
COLUMN: Final = re.compile(r'^    "(?P<name>\w+)": pl\.(?P<type>[\w.()]+),(?:  # (?P<says>.*))?$')
BAR: Final = r"\|"  # how a cell of a table holds a bar
METHODS: Final = ("get", "post", "put", "patch", "delete")


def pages() -> dict[str, str]:
    """All pages of the reference by file name."""
    made: dict[str, Callable[[], Iterable[str]]] = {
        "api.md": _api,
        "commands.md": _commands,
        "detectors.md": _detectors,
        "exposures.md": _exposures,
        "fingerprints.md": _fingerprints,
        "kinds.md": _kinds,
        "settings.md": _settings,
        "tables.md": _tables,
    }
    return {name: _page(lines()) for name, lines in made.items()}


def write(folder: Path) -> None:
    """Writes all pages into a folder; what else is in it stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _page(lines: Iterable[str]) -> str:
    text = re.sub(r"^(#+ .*)$", r"\n\1\n", "\n".join((NOTE, *lines)), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', BAR) for cell in row)} |"
    yield ""


def _detectors() -> Iterator[str]:
    yield "# Detectors"
    yield ""
    yield "Each looks for one behaviour at every step of 10 s and yields a finding when an episode of it begins."
    yield "The level says how far a detector is known: *trial*, *sound* or *proven*. Only proven ones may cordon a"
    yield "device; see [understand a score](../how-to/understand-a-score.md)."
    by_id = sorted(SHIPPED, key=lambda part: part.id)
    yield from _table(
        ("detector", "what it notices", "family", "severity", "level"),
        (
            (f"[{part.id}](#{part.id})", manual(part).says, part.family, part.severity.name.lower(), part.level)
            for part in by_id
        ),
    )
    for part in by_id:
        yield from _detector(part)


def _detector(part: type[Detector]) -> Iterator[str]:
    page = manual(part)
    yield f"## {part.id}"
    yield ""
    yield page.says
    for heading, text in page.parts:
        yield ""
        yield f"**{heading}.** {_sentence(text)}" if heading else text
    yield from _table(
        ("", ""),
        (
            ("family", part.family),
            ("ATT&CK technique", part.technique),
            ("severity", part.severity.name.lower()),
            ("level", part.level),
            ("weight", f"{part.weight / 10:g} points of trust"),
            ("speaks for a compromise", "yes" if part.compromise else "no"),
            ("looks back", _span(part.span)),
        ),
    )
    if part.settings():
        yield f"Settings, below `[detectors.{part.id}]`:"
        yield from _numbers(part)


def _exposures() -> Iterator[str]:
    yield "# Exposures"
    yield ""
    yield f"The {len(CHECKS)} checks that see weak settings in traffic. An exposure stands until it is repaired, not"
    yield "seen any more, or accepted for a time; see [repair what is exposed](../how-to/repair-what-is-exposed.md)."
    by_id = sorted(CHECKS, key=lambda part: part.id)
    yield from _table(
        ("check", "what to do", "family", "severity", "minutes", "trust"),
        (
            (f"[{part.id}](#{part.id})", part.action, part.family, part.severity.name.lower(), part.effort,
             f"{part.weight / 10:g}")
            for part in by_id
        ),
    )  # fmt: skip
    for part in by_id:
        yield from _check(part)
    yield "# Published requirements"
    yield ""
    yield "By their numbers, in our own words."
    touched = sorted({one for part in CHECKS for one in part.requirements})
    yield from _table(("requirement", "what it asks"), ((one, SAYS[one]) for one in touched))


def _check(part: type[Check]) -> Iterator[str]:
    page = page_of(part)
    yield f"## {part.id}"
    yield ""
    yield page.title
    for heading, text in (
        ("Why it matters", page.why),
        ("False alarms", page.alarms),
        ("How to repair", page.repair),
        ("How we will know", page.known),
    ):
        yield ""
        yield f"**{heading}.** {text}"
    yield from _table(
        ("", ""),
        (
            ("family", part.family),
            ("severity", part.severity.name.lower()),
            ("level", part.level),
            ("work on the first device", f"{part.effort} minutes"),
            ("weight", f"{part.weight / 10:g} points of trust, by how far the check is known"),
            ("repaired when done properly for", _span(part.settles) if part.settles else "the first time"),
            ("not seen since after", _span(part.forgotten)),
            ("requirements", ", ".join(part.requirements)),
        ),
    )
    if part.settings():
        yield f"Settings, below `[checks.{part.id}]`:"
        yield from _numbers(part)


def _numbers(part: type[Part]) -> Iterator[str]:
    yield from _table(
        ("setting", "default", "range", "what it is"),
        (
            (f"`{name}`", one.default, f"{one.at_least} to {one.at_most}", one.says)
            for name, one in part.settings().items()
        ),
    )


def _span(length: int) -> str:
    for unit, name in UNITS:
        if length >= unit and length % unit == 0:
            return f"{length // unit} {name}{'' if length == unit else 's'}"
    return f"{length} µs"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "They stand in `cordon.toml` in the state folder, or in the file given with `--config`. The environment wins"
    yield f"over the file (`{PREFIX}SITE=clinic`), and an option of the command line over both."
    yield from _table(
        ("setting", "default", "range", "what it is"),
        (
            (f"`{name}`", _default(field.get_default(call_default_factory=True)), _range(field), field.description)
            for name, field in Config.model_fields.items()
        ),
    )
    yield "```toml"
    yield 'site = "clinic"'
    yield "retention_days = 30"
    yield ""
    yield "[[watch]]"
    yield 'interface = "eth1"'
    yield ""
    yield "[trust]"
    yield "recovery = 20"
    yield ""
    yield "[detectors.telnet-spread]"
    yield "targets = 12"
    yield "```"
    yield ""
    yield "The settings of each detector stand with it in [detectors](detectors.md)."
    yield ""
    yield "## Watch"
    yield ""
    yield "Below `[[watch]]`, once for each thing that `cordon serve` watches: an interface, or an address on which"
    yield "flow export is listened for."
    yield from _fields(Watch)
    yield "## Notify"
    yield ""
    yield "Below `[[notify]]`, once for each channel on which `cordon serve` tells people of incidents: see"
    yield "[be told](../how-to/be-told.md)."
    yield from _fields(Notify)
    yield "## Rules"
    yield ""
    yield "Below `[rules]`; see [write a rule](../how-to/write-a-rule.md)."
    yield from _fields(RulesFolder)
    yield "## Expected"
    yield ""
    yield "Below `[expected.KIND]`, such as `[expected.camera]`: what is expected of the devices of a kind. What is not"
    yield "said stays as it is shipped; `cordon expected` prints all of it. See"
    yield "[repair what is exposed](../how-to/repair-what-is-exposed.md)."
    yield from _fields(Expected)
    yield "## Excepted"
    yield ""
    yield "Below `[[excepted]]`, once for each thing that one device may do beside its baseline, until a day."
    yield from _fields(Excepted)
    yield "## Trust"
    yield ""
    yield "Below `[trust]`. Trust is counted in tenths of a point: 1000 is full trust. The bands begin at"
    yield f"{', '.join(f'{edge} (*{band}*)' for edge, band in EDGES)}."
    yield from _numbers(TrustSettings)


def _fields(kind: type[Watch | Notify | RulesFolder | Expected | Excepted]) -> Iterator[str]:
    rows = (
        (f"`{name}`", _default(one.default), _range(one), one.description) for name, one in kind.model_fields.items()
    )
    yield from _table(("setting", "default", "range", "what it is"), rows)


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "to be told"
    return f"`{value}`" if value not in ({}, (), "", None, RulesFolder()) else "none"


def _range(field: Any) -> str:
    marks = {name: getattr(mark, name) for mark in field.metadata for name in ("ge", "le") if hasattr(mark, name)}
    return f"{marks['ge']} to {marks['le']}" if len(marks) == 2 else ""


def _commands() -> Iterator[str]:
    root = typer.main.get_command(cli)
    yield "# Commands"
    yield ""
    yield "`cordon COMMAND --help` says the same in the terminal. A mistake that you can put right is told in one"
    yield "sentence, with exit status 2. What `--json` prints is described in [json](json/)."
    for name, command in getattr(root, "commands", {}).items():
        below = getattr(command, "commands", {})
        for path, one in [(f"{name} {sub}", what) for sub, what in below.items()] or [(name, command)]:
            yield from _command(f"cordon {path}", one)


def _command(path: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    says, _, examples = (command.help or "").partition("Examples:")
    yield ""
    yield f"## {path}"
    yield ""
    yield "```"
    yield " ".join((path, *(one.metavar for one in arguments), *(["[OPTIONS]"] if options else [])))
    yield "```"
    yield ""
    yield from says.strip().splitlines()
    yield from _table(
        ("", "what it is", "default"),
        (
            *((f"`{one.metavar}`", one.help, "") for one in arguments),
            *((f"`{_option(one)}`", _help(one), _of_option(one)) for one in options),
        ),
    )
    if examples:
        yield "```"
        yield from (example.strip() for example in examples.split("·"))
        yield "```"


def _option(option: Any) -> str:
    if option.is_flag:
        return str(option.opts[0])
    return f"{option.opts[0]} {option.metavar or ('TEXT' if isinstance(option.default, str) else 'N')}"


def _help(option: Any) -> str:
    return f"{option.help} Also `{option.envvar}`." if option.envvar else str(option.help)


def _of_option(option: Any) -> str:
    return "" if option.is_flag or option.default in (None, "") else f"`{option.default}`"


def _tables() -> Iterator[str]:
    head, _, rest = inspect.cleandoc(tables.__doc__ or "").partition("\n\n")
    yield "# Tables"
    yield ""
    yield from _plain(head)
    yield ""
    yield from _plain(rest)
    yield ""
    yield "A state keeps these as Parquet, a folder a day (`history/<table>/<day>/`):"
    yield f"{', '.join(f'`{name}`' for name in KEPT)}."
    for name, schema in tables.TABLES.items():
        yield from _columns(name, schema, tables, name.upper())
    yield "## Fields of sightings"
    yield from _table(
        ("field", "what was seen"), ((f"`{name}`", says) for name, says in tables.SIGHTING_FIELDS.items())
    )
    yield "# Tables that detection makes"
    yield from _columns("talks", facts.TALKS, facts, "TALKS")
    yield from _columns("rhythm", facts.RHYTHM, facts, "RHYTHM")


def _plain(text: str) -> Iterator[str]:
    yield from text.replace("``", "`").splitlines()


def _columns(name: str, schema: tables.Schema, module: Any, constant: str) -> Iterator[str]:
    """The columns with the comments beside them, and the text that stands below the schema."""
    _, _, after = inspect.getsource(module).partition(f"\n{constant}: ")
    body, _, below = after.partition("\n}\n")
    found = [match.groupdict() for line in body.splitlines() if (match := COLUMN.match(line))]
    if [column["name"] for column in found] != list(schema):
        raise ValueError(f"{constant}: every column must stand on a line of its own")
    yield f"## {name}"
    if below.startswith('"""'):
        yield ""
        yield below[3:].partition('"""')[0]
    yield from _table(
        ("column", "type", "what it holds"),
        ((f"`{one['name']}`", one["type"].replace("pl.", ""), _plainly(one["says"])) for one in found),
    )


def _plainly(says: str | None) -> str:
    return (says or "").replace("``", "`")


def _kinds() -> Iterator[str]:
    yield "# Kinds of device"
    yield ""
    yield f"The {len(KINDS)} kinds that Cordon tells apart. Criticality runs from 1 (a light bulb) to 5 (people or"
    yield "the plant depend on it). Cutting off a device marked *safety* may harm somebody: Cordon never does that by"
    yield "itself. *Answers by* are the services that others usually find on it, *talks to* is whom it usually reaches"
    yield "on the Internet, beside time, names and updates:"
    yield ""
    yield from (f"- **{name}**: {says}" for name, says in CLOUDS.items())
    for group in dict.fromkeys(kind.group for kind in KINDS):
        yield f"## {group}"
        yield from _table(
            ("kind", "in words", "criticality", "safety", "answers by", "talks to"),
            (
                (
                    f"`{kind.id}`",
                    kind.says,
                    kind.criticality,
                    "yes" if kind.safety else "",
                    ", ".join(kind.services),
                    kind.cloud,
                )
                for kind in KINDS
                if kind.group == group
            ),
        )


def _fingerprints() -> Iterator[str]:
    book = shipped()
    yield "# Fingerprints"
    yield ""
    rows = [(table, row) for table in fingerprint.tables() for row in table.rows.values()]
    distinct = len({id(row) for _, row in rows})  # a row may count for several fields
    yield f"{len(book)} patterns and {distinct:,} rows of tables say what a value seen in traffic speaks for. They are"
    yield "data; how to add one is told in [write a fingerprint](../how-to/write-a-fingerprint.md)."
    says = [{name: one.says.get(name, "") for name in one.weights} for one in book] + [dict(row) for _, row in rows]
    yield from _counts("What they say", "attribute", Counter(name for one in says for name in one))
    fields = Counter(name for one in book for name in one.fields) + Counter(table.fields[0] for table, _ in rows)
    yield from _counts("What they look at", "field", fields)
    yield "`oui` is the maker that the first bytes of the MAC address belong to; all others are [fields of"
    yield "sightings](tables.md#fields-of-sightings)."
    yield ""
    yield from _counts("Kinds they name", "kind", Counter(kind for one in says if (kind := one.get("kind"))))
    yield from _counts("Vendors they name", "vendor", Counter(vendor for one in says if (vendor := one.get("vendor"))))
    sources = Counter(one.source for one in book) + Counter(table.source for table, _ in rows)
    yield from _counts("Where the knowledge is from", "source", sources)


def _counts(title: str, what: str, counts: Counter[str]) -> Iterator[str]:
    yield f"## {title}"
    yield from _table((what, "fingerprints"), sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].lower())))


def _api() -> Iterator[str]:
    described = FastAPI()
    described.include_router(api.router)
    described.include_router(record_api.router)
    described.include_router(exposure_api.router)
    described.include_router(verdict_api.router)
    yield "# API"
    yield ""
    yield "What the console's server answers on this machine, below the address that `cordon open` prints. Programs of"
    yield "the same user find the address and the key in `server.json` in the state folder, and send"
    yield "`Authorization: Bearer KEY`. The full description is at `/api/openapi.json`; the lists hold what `--json`"
    yield "prints, see [json](json/)."
    for path, operations in described.openapi()["paths"].items():
        for method in METHODS:
            if method in operations:
                yield from _operation(method.upper(), path, operations[method])


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"## {method} {path}"
    yield ""
    yield operation.get("description", "")
    asked = operation.get("parameters", [])
    if asked:
        yield from _table(
            ("parameter", "in", "type", "default"),
            ((f"`{one['name']}`", one["in"], one["schema"].get("type", ""), _told(one["schema"])) for one in asked),
        )


def _told(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    return "" if default in (None, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
