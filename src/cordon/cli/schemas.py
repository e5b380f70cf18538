"""Writes the JSON schemas of what ``--json`` prints: ``python -m cordon.cli.schemas docs/reference/json``."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from cordon import inventory, shapes

PRINTED: Final[dict[str, Any]] = {
    "read": shapes.ReadResult,
    "watch": shapes.WatchLine,
    "discover": shapes.DiscoverResult,
    "devices": list[shapes.DeviceEntry],
    "show": shapes.ShowResult,
    "baseline": shapes.NormalEntry,
    "findings": list[shapes.FindingEntry],
    "why": shapes.WhyResult,
    "incidents": list[shapes.IncidentEntry],
    "sources": list[shapes.SourceEntry],
    "sources-networks": list[shapes.NetworkEntry],
    "notify": list[shapes.ChannelEntry],
    "feeds-list": list[shapes.FeedEntry],
    "repairs": list[shapes.RepairEntry],
    "exposures": list[shapes.ExposureEntry],
    "accept": shapes.ExposureEntry,
    "leaving": list[shapes.PlaceEntry],
    "expected": list[shapes.ExpectedEntry],
    "reject": shapes.VerdictEntry,
    "verdicts": list[shapes.VerdictEntry],
    "policy-draft": shapes.PolicyResult,
    "policy-mud": shapes.UsageResult,
    "correct": shapes.CorrectResult,
    "inventory-import": list[inventory.ImportResult],
    "inventory-export": list[inventory.Entry],
}
"""What each command prints with ``--json`` (`inventory-export` with ``--format json``, `correct` also of ``join`` and
``split``; ``accept`` of a finding what `reject` prints); `watch` a line of an interface, or what `read` does of a
replay."""


def schema(command: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of what a command prints."""
    made = TypeAdapter(PRINTED[command]).json_schema(mode="serialization")
    for part in (made, *made.get("$defs", {}).values()):
        if part.get("type") == "object" and "properties" in part:
            part["required"] = list(part["properties"])
            part["additionalProperties"] = False
    title = f"cordon {command.replace('sources-', 'sources --')} --json"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title} | made


def text(command: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(command), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Writes all schemas into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for command in PRINTED:
        (folder / f"{command}.json").write_text(text(command), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
